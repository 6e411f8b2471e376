{#- A level of areas under its one name: commune, postal_code, department, region or country; other words stay as they are, in lower
    case without accents. -#}
{% macro seg_area_level(expression) -%}
  {%- set names = {
    'commune': ['com', 'communes', 'city', 'town', 'ville', 'municipality', 'insee', 'lau'],
    'postal_code': ['postal code', 'postcode', 'zip', 'zip code', 'code postal', 'cp'],
    'department': ['dep', 'dept', 'departement', 'departements', 'departments', 'county'],
    'region': ['reg', 'regions'],
    'country': ['pays', 'countries'],
  } -%}
  {%- set level = dbt_segmentation.seg_match_text(expression) -%}
  case
        {%- for name, aliases in names.items() %}
            when {{ level }} in ('{{ aliases | join("', '") }}') then '{{ name }}'
        {%- endfor %}
            else replace({{ level }}, ' ', '_')
        end
{%- endmacro %}
