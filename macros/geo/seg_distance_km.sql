{#- Great-circle distance in km between two points in degrees, by the haversine formula (Sinnott 1984, Virtues of the haversine,
    Sky and Telescope 68) on a sphere of the earth's mean radius, 6,371.0088 km: within 0.6 % of the ellipsoid. -#}
{% macro seg_distance_km(latitude_a, longitude_a, latitude_b, longitude_b) -%}
  2 * 6371.0088 * asin(least(1.0, sqrt(
            power(sin(radians({{ latitude_b }} - {{ latitude_a }}) / 2), 2)
            + cos(radians({{ latitude_a }})) * cos(radians({{ latitude_b }})) * power(sin(radians({{ longitude_b }} - {{ longitude_a }}) / 2), 2)
        )))
{%- endmacro %}
