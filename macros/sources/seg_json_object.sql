{#- A JSON object as text from {key: expression}, null where every value is null. -#}
{% macro seg_json_object(values) -%}
  {%- set texts = [] -%}
  {%- for expression in values.values() -%}
    {%- do texts.append('cast(' ~ expression ~ ' as ' ~ dbt.type_string() ~ ')') -%}
  {%- endfor -%}
  case when {{ texts[0] if texts | length == 1 else 'coalesce(' ~ texts | join(', ') ~ ')' }} is not null then {{ adapter.dispatch('seg_json_object', 'dbt_segmentation')(values) }} end
{%- endmacro %}


{% macro duckdb__seg_json_object(values) -%}
  cast(json_object({% for key, expression in values.items() %}'{{ key }}', {{ expression }}{{ ', ' if not loop.last }}{% endfor %}) as {{ dbt.type_string() }})
{%- endmacro %}


{% macro default__seg_json_object(values) -%}
  cast(json_build_object({% for key, expression in values.items() %}'{{ key }}', {{ expression }}{{ ', ' if not loop.last }}{% endfor %}) as {{ dbt.type_string() }})
{%- endmacro %}


{% macro bigquery__seg_json_object(values) -%}
  to_json_string(struct({% for key, expression in values.items() %}{{ expression }} as {{ key }}{{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}
