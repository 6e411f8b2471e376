{#- The sum of counts as a 64-bit integer. -#}
{% macro seg_count_sum(expression) -%}
  cast({{ dbt_segmentation.seg_sum(expression) }} as {{ dbt.type_bigint() }})
{%- endmacro %}
