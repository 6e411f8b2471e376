{#- Text in a given format as a timestamp; null where it does not fit. The format is written as in C's strptime: %d/%m/%Y %H:%M:%S. -#}
{% macro seg_parse_timestamp(expression, format) %}
  {{ return(adapter.dispatch('seg_parse_timestamp', 'dbt_segmentation')(expression, format)) }}
{% endmacro %}


{% macro duckdb__seg_parse_timestamp(expression, format) -%}
  try_strptime(cast({{ expression }} as varchar), '{{ format }}')
{%- endmacro %}


{% macro bigquery__seg_parse_timestamp(expression, format) -%}
  safe.parse_timestamp('{{ format }}', cast({{ expression }} as string))
{%- endmacro %}


{% macro default__seg_parse_timestamp(expression, format) -%}
  {%- set names = {'%d': 'DD', '%m': 'MM', '%Y': 'YYYY', '%H': 'HH24', '%M': 'MI', '%S': 'SS'} -%}
  {%- set ns = namespace(format=format) -%}
  {%- for ours, theirs in names.items() -%}{%- set ns.format = ns.format | replace(ours, theirs) -%}{%- endfor -%}
  cast(to_timestamp(cast({{ expression }} as {{ dbt.type_string() }}), '{{ ns.format }}') as timestamp)
{%- endmacro %}
