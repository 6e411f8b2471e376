{#- The value of one event parameter of GA4 as text, whatever type GA4 gave it: it types each value by its looks, so that the
    search term 42 is a number. `fields` are the value fields that the export has; of a name given twice the first counts. -#}
{% macro seg_ga4_parameter(name, fields) %}
  {{ return(adapter.dispatch('seg_ga4_parameter', 'dbt_segmentation')(name, fields)) }}
{% endmacro %}


{% macro duckdb__seg_ga4_parameter(name, fields) -%}
  list_transform(list_filter(event_params, lambda p: p.key = '{{ name }}'), lambda p: {{ dbt_segmentation._seg_ga4_text('p.value', fields) }})[1]
{%- endmacro %}


{% macro default__seg_ga4_parameter(name, fields) -%}
  (select {{ dbt_segmentation._seg_ga4_text('p.value', fields) }} from unnest(event_params) as p with offset as position where p.key = '{{ name }}' order by position limit 1)
{%- endmacro %}


{% macro _seg_ga4_text(value, fields) %}
  {%- set texts = [] -%}
  {%- for field in fields -%}
    {%- do texts.append(value ~ '.' ~ field if field == 'string_value' else 'cast(' ~ value ~ '.' ~ field ~ ' as ' ~ dbt.type_string() ~ ')') -%}
  {%- endfor -%}
  {{ return(texts[0] if texts | length == 1 else 'coalesce(' ~ texts | join(', ') ~ ')') }}
{% endmacro %}
