{#- A duration in seconds, to the microsecond; null where its unit is not known, or it is negative. No unit means seconds. -#}
{% macro seg_duration_seconds(duration, unit) -%}
  {%- set units = {
    1: ['s', 'sec', 'secs', 'second', 'seconds', 'seconde', 'secondes'],
    0.001: ['ms', 'msec', 'millisecond', 'milliseconds', 'milliseconde', 'millisecondes'],
    0.000001: ['us', 'usec', 'µs', 'μs', 'microsecond', 'microseconds', 'microseconde', 'microsecondes'],
    60: ['min', 'mins', 'mn', 'm', 'minute', 'minutes'],
    3600: ['h', 'hr', 'hrs', 'hour', 'hours', 'heure', 'heures'],
  } -%}
  round(case when {{ duration }} >= 0 then {{ duration }} end * case lower(coalesce({{ unit }}, 's'))
    {%- for seconds, names in units.items() %}
    {%- for name in names %}
            when '{{ name }}' then {{ '%f' | format(seconds) }}
    {%- endfor %}
    {%- endfor %}
        end, 6)
{%- endmacro %}
