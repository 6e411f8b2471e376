{#- A field of the only element of an array of structs; null where there are none or several. -#}
{% macro seg_only_item(items, field) %}
  {{ return(adapter.dispatch('seg_only_item', 'dbt_segmentation')(items, field)) }}
{% endmacro %}


{% macro duckdb__seg_only_item(items, field) -%}
  case when len({{ items }}) = 1 then {{ items }}[1].{{ field }} end
{%- endmacro %}


{% macro default__seg_only_item(items, field) -%}
  case when array_length({{ items }}) = 1 then {{ items }}[offset(0)].{{ field }} end
{%- endmacro %}
