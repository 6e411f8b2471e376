{#- The mean of a double over rows, the same whatever the order of rows and the number of threads: doubles are summed as
    decimals. Values must stay under 1e16; features do, because amounts are decimal(18, 4). -#}
{% macro seg_mean(expression) -%}
  cast(sum(cast({{ expression }} as decimal(28, 8))) as {{ dbt_segmentation.seg_type('double') }}) / nullif(count({{ expression }}), 0)
{%- endmacro %}
