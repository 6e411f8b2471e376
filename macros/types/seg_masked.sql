{#- A value as an audit table may show it: its first character and its length, nothing else. -#}
{% macro seg_masked(expression) -%}
  {%- set text = "cast(" ~ expression ~ " as " ~ dbt.type_string() ~ ")" -%}
  {{ return(dbt.concat([
    "substring(" ~ text ~ ", 1, 1)", "'*** ('", "cast(length(" ~ text ~ ") as " ~ dbt.type_string() ~ ")", "' characters)'"
  ])) }}
{%- endmacro %}
