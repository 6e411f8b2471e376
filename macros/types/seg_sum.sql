{#- The sum of whole numbers as a double: exact, whatever the order of rows and the number of threads, up to 9e15. Sums of integers and
    decimals grow to 128 bits in some engines, which costs several times as much. -#}
{% macro seg_sum(expression) -%}
  sum(cast({{ expression }} as {{ dbt_segmentation.seg_type('double') }}))
{%- endmacro %}
