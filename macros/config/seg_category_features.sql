{#- category name -> feature name, for the categories that seg_categories names. -#}
{% macro seg_category_features() %}
  {%- set features = {} -%}
  {%- for category in dbt_segmentation.seg_var('seg_categories') -%}
    {#- as text: what is no text is told by the config check, after parsing -#}
    {%- do features.update({category | string: dbt_segmentation.seg_category_feature(category)}) -%}
  {%- endfor -%}
  {{ return(features) }}
{% endmacro %}
