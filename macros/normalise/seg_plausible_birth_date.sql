{#- A date of birth, or null where nobody alive has it: before 1900, more than 120 years ago, or not yet. Today is the UTC day
    of the run, as in int_seg__run. -#}
{% macro seg_plausible_birth_date(expression) -%}
  {%- set today = modules.datetime.datetime.now(modules.pytz.utc).date() -%}
  {%- set oldest = today.replace(year=today.year - 120, day=[today.day, 28] | min) -%}
  case when {{ expression }} between cast('{{ [oldest | string, '1900-01-01'] | max }}' as date) and cast('{{ today }}' as date) then {{ expression }} end
{%- endmacro %}
