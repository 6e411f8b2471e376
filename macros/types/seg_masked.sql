{#- A value as an audit table may show it: its first character, if it has more, and its length, nothing else. -#}
{% macro seg_masked(expression) -%}
  {%- set text = "cast(" ~ expression ~ " as " ~ dbt.type_string() ~ ")" -%}
  {%- set first = "case when length(" ~ text ~ ") > 1 then substring(" ~ text ~ ", 1, 1) else '' end" -%}
  {{ return(dbt.concat([
    first, "'*** ('", "cast(length(" ~ text ~ ") as " ~ dbt.type_string() ~ ")", "' characters)'"
  ])) }}
{%- endmacro %}
