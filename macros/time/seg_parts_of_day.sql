{#- The parts of a day, each with the condition of an hour that is in it. -#}
{% macro seg_parts_of_day(hour) %}
  {{ return({
    'night': hour ~ ' >= 22 or ' ~ hour ~ ' < 6',
    'morning': hour ~ ' >= 6 and ' ~ hour ~ ' < 12',
    'afternoon': hour ~ ' >= 12 and ' ~ hour ~ ' < 18',
    'evening': hour ~ ' >= 18 and ' ~ hour ~ ' < 22',
  }) }}
{% endmacro %}
