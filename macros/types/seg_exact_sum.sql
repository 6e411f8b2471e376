{#- The sum of doubles, the same whatever the order of rows and the number of threads: summed as decimals, up to 1e16. `type`: another
    decimal, for what is larger or finer. Slow beside seg_sum and seg_sum_rounded, which serve whole numbers and amounts. -#}
{% macro seg_exact_sum(expression, type=none) -%}
  cast(sum(cast({{ expression }} as {{ type or 'decimal(28, 12)' }})) as {{ dbt_segmentation.seg_type('double') }})
{%- endmacro %}
