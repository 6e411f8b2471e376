{#- The sum of numbers that are whole when multiplied by `scale` (ten thousand: amounts, which have four decimals), as a double. What has more
    decimals is rounded first. Exact, whatever the order of rows and the number of threads, up to 9e15 / `scale`. -#}
{% macro seg_sum_rounded(expression, scale=10000) -%}
  sum(round(cast({{ expression }} as {{ dbt_segmentation.seg_type('double') }}) * {{ scale }})) / {{ scale }}
{%- endmacro %}
