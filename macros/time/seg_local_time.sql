{#- A UTC timestamp as wall-clock time in seg_timezone, where days begin and hours are told. -#}
{% macro seg_local_time(expression) %}
  {%- set zone = dbt_segmentation.seg_var('seg_timezone') -%}
  {%- if zone == 'UTC' -%}{{ return(expression) }}{%- endif -%}
  {{ return(adapter.dispatch('seg_local_time', 'dbt_segmentation')(expression, zone)) }}
{% endmacro %}


{% macro default__seg_local_time(expression, zone) %}
  {{ return("(" ~ expression ~ " at time zone 'UTC' at time zone '" ~ zone ~ "')") }}
{% endmacro %}


{#- the session's own zone is UTC, see seg_functions_check -#}
{% macro spark__seg_local_time(expression, zone) %}
  {{ return("from_utc_timestamp(" ~ expression ~ ", '" ~ zone ~ "')") }}
{% endmacro %}
