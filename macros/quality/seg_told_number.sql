{#- A number as people read it in a message, rounded to some digits; the same text on every engine. -#}
{% macro seg_told_number(expression, digits=3) -%}
  cast(cast(round({{ expression }}, {{ digits }}) as decimal(28, {{ digits }})) as {{ dbt.type_string() }})
{%- endmacro %}
