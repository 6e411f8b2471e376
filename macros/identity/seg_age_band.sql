{#- The age band of a date of birth on a day: 18-24, 25-34, ... 75+; null where the date is missing or the age negative. -#}
{% macro seg_age_band(birth_date, day) -%}
  {%- set year, month, dom = 'extract(year from ' ~ day ~ ') - extract(year from ' ~ birth_date ~ ')', 'extract(month from ', 'extract(day from ' -%}
  {%- set had_birthday = '(' ~ month ~ day ~ ') > ' ~ month ~ birth_date ~ ') or (' ~ month ~ day ~ ') = ' ~ month ~ birth_date ~ ') and '
    ~ dom ~ day ~ ') >= ' ~ dom ~ birth_date ~ ')))' -%}
  {%- set age = '(' ~ year ~ ' - case when ' ~ had_birthday ~ ' then 0 else 1 end)' -%}
  case
            when {{ age }} < 0 then null
            when {{ age }} < 18 then 'under 18'
            when {{ age }} < 25 then '18-24'
            when {{ age }} < 35 then '25-34'
            when {{ age }} < 45 then '35-44'
            when {{ age }} < 55 then '45-54'
            when {{ age }} < 65 then '55-64'
            when {{ age }} < 75 then '65-74'
            when {{ age }} >= 75 then '75+'
        end
{%- endmacro %}
