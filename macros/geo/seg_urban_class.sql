{#- dense, intermediate or rural from people per km2. Eurostat's degree of urbanisation sets its limits, 300 and 1,500 people per
    km2, on cells of 1 km2 and wants a minimum of people in a cluster of cells; on the density of a whole commune they are an approximation:
    a wide commune with a dense centre falls a class. Give `areas.urban_class` to have the official one. -#}
{% macro seg_urban_class(density) -%}
  case
            when {{ density }} >= 1500 then 'dense'
            when {{ density }} >= 300 then 'intermediate'
            when {{ density }} >= 0 then 'rural'
        end
{%- endmacro %}
