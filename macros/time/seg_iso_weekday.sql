{#- Day of the week, Monday = 1 to Sunday = 7. Engines disagree on extract(dow). -#}
{% macro seg_iso_weekday(day) %}
  {{ return(adapter.dispatch('seg_iso_weekday', 'dbt_segmentation')(day)) }}
{% endmacro %}


{% macro default__seg_iso_weekday(day) %}
  {{ return('extract(isodow from ' ~ day ~ ')') }}
{% endmacro %}


{% macro spark__seg_iso_weekday(day) %}
  {{ return('extract(dayofweek_iso from ' ~ day ~ ')') }}
{% endmacro %}
