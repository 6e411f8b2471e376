{#- A latitude or a longitude, or null: both are null where one is missing or off the globe, and at 0, 0, which is what
    geocoders give for nowhere. -#}
{% macro seg_coordinate(expression, latitude, longitude) -%}
  case
            when {{ latitude }} between -90 and 90 and {{ longitude }} between -180 and 180 and not ({{ latitude }} = 0 and {{ longitude }} = 0)
            then {{ expression }}
        end
{%- endmacro %}
