{#- The sum of doubles, the same whatever the order of rows and the number of threads: summed as decimals. -#}
{% macro seg_exact_sum(expression) -%}
  cast(sum(cast({{ expression }} as decimal(28, 12))) as {{ dbt_segmentation.seg_type('double') }})
{%- endmacro %}
