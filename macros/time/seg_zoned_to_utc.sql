{#- A timestamp with a zone as a plain timestamp in UTC. -#}
{% macro seg_zoned_to_utc(expression) %}
  {{ return(adapter.dispatch('seg_zoned_to_utc', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{% macro default__seg_zoned_to_utc(expression) %}
  {{ return("(" ~ expression ~ " at time zone 'UTC')") }}
{% endmacro %}
