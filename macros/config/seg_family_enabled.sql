{#- Whether any of these families of features is on: models that only serve families that are off are not built. -#}
{% macro seg_family_enabled(families) %}
  {%- set on = dbt_segmentation.seg_feature_families() -%}
  {{ return(families | select('in', on) | list | length > 0) }}
{% endmacro %}
