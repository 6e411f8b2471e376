{#- The name of the feature that holds the share of a category: its letters and digits, lower case. -#}
{% macro seg_category_feature(category) %}
  {{ return('share_' ~ modules.re.sub('[^a-z0-9]+', '_', category | string | lower).strip('_')) }}
{% endmacro %}
