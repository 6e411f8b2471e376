{#- The exact sum of each feature, as a list of expressions. -#}
{% macro seg_feature_sums() %}
  {%- set sums = [] -%}
  {%- for feature in dbt_segmentation.seg_features() -%}
    {%- do sums.append('sum(cast(' ~ feature ~ ' as decimal(28, 8)))') -%}
  {%- endfor -%}
  {{ return(sums) }}
{% endmacro %}
