{#- A count of seconds, milliseconds or microseconds since 1970 as a timestamp in UTC. `unit`: second, millisecond, microsecond. -#}
{% macro seg_epoch_to_timestamp(expression, unit) %}
  {%- if unit not in ('second', 'millisecond', 'microsecond') -%}
    {{ exceptions.raise_compiler_error("seg_epoch_to_timestamp: unit is '" ~ unit ~ "', not second, millisecond or microsecond.") }}
  {%- endif -%}
  {{ return(adapter.dispatch('seg_epoch_to_timestamp', 'dbt_segmentation')(expression, unit)) }}
{% endmacro %}


{#- Microseconds are whole numbers: no engine's rounding of doubles comes in. -#}
{% macro duckdb__seg_epoch_to_timestamp(expression, unit) -%}
  {%- set factor = {'second': ' * 1000000', 'millisecond': ' * 1000', 'microsecond': ''}[unit] -%}
  make_timestamp(cast({{ expression }} as bigint){{ factor }})
{%- endmacro %}


{% macro bigquery__seg_epoch_to_timestamp(expression, unit) -%}
  {%- set name = {'second': 'timestamp_seconds', 'millisecond': 'timestamp_millis', 'microsecond': 'timestamp_micros'}[unit] -%}
  {{ name }}(cast({{ expression }} as int64))
{%- endmacro %}


{% macro default__seg_epoch_to_timestamp(expression, unit) -%}
  {%- set divisor = {'second': '', 'millisecond': ' / 1000.0', 'microsecond': ' / 1000000.0'}[unit] -%}
  (to_timestamp(cast({{ expression }} as decimal(20, 0)){{ divisor }}) at time zone 'UTC')
{%- endmacro %}
