{#- A match form, or null where it has more than 100 characters: no name or address is that long, and comparing such texts
    with each other would take for ever. -#}
{% macro seg_short_text(expression) -%}
  case when length({{ expression }}) <= 100 then {{ expression }} end
{%- endmacro %}
