{#- Bytes as lower-case hexadecimal text. -#}
{% macro seg_hex(expression) %}
  {{ return(adapter.dispatch('seg_hex', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{% macro default__seg_hex(expression) -%}
  lower(hex({{ expression }}))
{%- endmacro %}


{% macro bigquery__seg_hex(expression) -%}
  to_hex({{ expression }})
{%- endmacro %}


{% macro postgres__seg_hex(expression) -%}
  encode({{ expression }}, 'hex')
{%- endmacro %}
