{#- Every column of an input, as the last words in an order by: equal ranks never depend on luck, and rows that tie even
    here are the same row. -#}
{% macro seg_tie_breaker(input, alias=none) -%}
  {%- set columns = [] -%}
  {%- for name in dbt_segmentation.seg_input_columns()[input] -%}
    {%- do columns.append((alias ~ '.' ~ name if alias else name) ~ ' nulls last') -%}
  {%- endfor -%}
  {{ return(columns | join(', ')) }}
{%- endmacro %}
