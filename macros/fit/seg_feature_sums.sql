{#- The exact sum of each feature of the fit sample, as a list of expressions. -#}
{% macro seg_feature_sums() %}
  {%- set sums = [] -%}
  {%- for feature in dbt_segmentation.seg_fit_features() -%}
    {%- do sums.append('sum(cast(' ~ feature ~ ' as decimal(28, 8)))') -%}
  {%- endfor -%}
  {{ return(sums) }}
{% endmacro %}
