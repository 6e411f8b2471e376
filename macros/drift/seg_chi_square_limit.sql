{#- Quantile of the chi-square distribution at seg_drift_alpha (Wilson and Hilferty 1931); null without degrees of freedom. -#}
{% macro seg_chi_square_limit(degrees_of_freedom) -%}
  {%- set z = dbt_segmentation.seg_critical_values().z -%}
  {%- set freedom = 'nullif(' ~ degrees_of_freedom ~ ', 0)' -%}
  {{ freedom }} * power(1 - 2.0 / (9 * {{ freedom }}) + {{ z }} * sqrt(2.0 / (9 * {{ freedom }})), 3)
{%- endmacro %}
