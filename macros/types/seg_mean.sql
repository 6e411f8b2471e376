{#- The mean of a double over rows, the same whatever the order of rows and the number of threads: doubles are summed as
    decimals. Values and their sums must stay under 1e30; features do, and so do their squares, because amounts are decimal(18, 4). -#}
{% macro seg_mean(expression) -%}
  cast(sum(cast({{ expression }} as decimal(38, 8))) as {{ dbt_segmentation.seg_type('double') }}) / nullif(count({{ expression }}), 0)
{%- endmacro %}
