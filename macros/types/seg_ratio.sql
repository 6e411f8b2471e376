{#- numerator / denominator as a double; null where the denominator is zero or missing. -#}
{% macro seg_ratio(numerator, denominator) -%}
  cast({{ numerator }} as {{ dbt_segmentation.seg_type('double') }}) / nullif(cast({{ denominator }} as {{ dbt_segmentation.seg_type('double') }}), 0)
{%- endmacro %}
