{#- The name of the feature that holds the score on a survey scale: its letters and digits, lower case. -#}
{% macro seg_scale_feature(scale) %}
  {{ return('scale_' ~ modules.re.sub('[^a-z0-9]+', '_', scale | string | lower).strip('_')) }}
{% endmacro %}
