{#- One text over every column of an input: the last word in an order by, so that equal ranks never depend on luck. -#}
{% macro seg_tie_breaker(input, alias=none) -%}
  {%- set columns = [] -%}
  {%- for name in dbt_segmentation.seg_input_columns()[input] -%}
    {%- do columns.append(alias ~ '.' ~ name if alias else name) -%}
  {%- endfor -%}
  {{ return(dbt_segmentation.seg_key(columns)) }}
{%- endmacro %}
