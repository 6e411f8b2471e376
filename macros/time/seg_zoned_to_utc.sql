{#- A timestamp with a zone as a plain timestamp in UTC. -#}
{% macro seg_zoned_to_utc(expression) %}
  {{ return(adapter.dispatch('seg_zoned_to_utc', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{% macro default__seg_zoned_to_utc(expression) %}
  {{ return("(" ~ expression ~ " at time zone 'UTC')") }}
{% endmacro %}


{#- a timestamp is an instant there, shown in the session's zone, which is UTC -#}
{% macro spark__seg_zoned_to_utc(expression) %}
  {{ return(expression) }}
{% endmacro %}
