{#- A wall-clock time of a zone as a timestamp in UTC. In the hour that occurs twice the engine chooses. -#}
{% macro seg_local_to_utc(expression, zone) %}
  {%- if zone == 'UTC' -%}{{ return(expression) }}{%- endif -%}
  {%- if zone not in modules.pytz.all_timezones -%}
    {{ exceptions.raise_compiler_error("seg_local_to_utc: '" ~ zone ~ "' is not a time zone. Use a name like Europe/Paris, or UTC.") }}
  {%- endif -%}
  {{ return(adapter.dispatch('seg_local_to_utc', 'dbt_segmentation')(expression, zone)) }}
{% endmacro %}


{% macro default__seg_local_to_utc(expression, zone) -%}
  ({{ expression }} at time zone '{{ zone }}' at time zone 'UTC')
{%- endmacro %}


{% macro bigquery__seg_local_to_utc(expression, zone) -%}
  timestamp(datetime({{ expression }}), '{{ zone }}')
{%- endmacro %}
