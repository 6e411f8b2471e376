{#- A text as a literal of the engine's SQL. -#}
{% macro seg_literal(text) %}
  {{ return(adapter.dispatch('seg_literal', 'dbt_segmentation')(text)) }}
{% endmacro %}


{% macro default__seg_literal(text) %}
  {{ return("'" ~ text | replace("'", "''") ~ "'") }}
{% endmacro %}


{#- A backslash begins an escape there. -#}
{% macro spark__seg_literal(text) %}
  {{ return("'" ~ text | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") }}
{% endmacro %}
