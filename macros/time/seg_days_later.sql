{#- The day that lies so many days after another one, or before it where the number is negative. -#}
{% macro seg_days_later(day, days) %}
  {{ return(adapter.dispatch('seg_days_later', 'dbt_segmentation')(day, days)) }}
{% endmacro %}


{% macro default__seg_days_later(day, days) %}
  {{ return('cast(' ~ dbt.dateadd('day', days, day) ~ ' as date)') }}
{% endmacro %}


{#- dbt's own goes by seconds and names the day eight times: nested, that takes Spark a minute to read -#}
{% macro spark__seg_days_later(day, days) %}
  {{ return('date_add(' ~ day ~ ', ' ~ days ~ ')') }}
{% endmacro %}
