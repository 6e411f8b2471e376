{#- A subquery without rows, with the columns that are given: name -> type. -#}
{% macro seg_no_rows(columns) %}
  {%- set empty = [] -%}
  {%- for column, type in columns.items() -%}
    {%- do empty.append('cast(null as ' ~ type ~ ') as ' ~ column) -%}
  {%- endfor -%}
  {{ return('(select ' ~ empty | join(', ') ~ ' where 1 = 0)') }}
{% endmacro %}
