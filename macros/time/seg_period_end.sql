{#- The last day of the period that ended last up to a day, or of one `back` periods before it. `period`: day, week or month. -#}
{% macro seg_period_end(day, period, back=0) %}
  {{ return(adapter.dispatch('seg_period_end', 'dbt_segmentation')(day, period, back)) }}
{% endmacro %}


{#- the day before a period begins is the end of the one before it -#}
{% macro default__seg_period_end(day, period, back) %}
  {{ return('cast(' ~ dbt.dateadd('day', -1, dbt.dateadd(period, -back, dbt.date_trunc(period, dbt.dateadd('day', 1, day)))) ~ ' as date)') }}
{% endmacro %}


{% macro spark__seg_period_end(day, period, back) %}
  {%- set next_day = 'date_add(' ~ day ~ ', 1)' -%}
  {%- if period == 'month' -%}
    {{ return('date_add(add_months(trunc(' ~ next_day ~ ", 'month'), " ~ -back ~ '), -1)') }}
  {%- endif -%}
  {%- set begin = next_day if period == 'day' else 'trunc(' ~ next_day ~ ", 'week')" -%}
  {{ return('date_add(' ~ begin ~ ', ' ~ (-1 - back * (1 if period == 'day' else 7)) ~ ')') }}
{% endmacro %}
