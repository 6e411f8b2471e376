-- One row per customer: where the customer lives, what the area is like, and how far the nearest place is.
{#- the narrowest area that says something wins; density and class of a region would say too little of a person -#}
{%- set told = {
    'density': ['commune', 'parent', 'postal', 'department'],
    'urban_class': ['commune', 'parent', 'postal', 'department'],
    'median_income': ['commune', 'parent', 'postal', 'department', 'region', 'country'],
    'mean_income': ['commune', 'parent', 'postal', 'department', 'region', 'country'],
    'unemployment_rate': ['commune', 'parent', 'postal', 'department', 'region', 'country'],
} %}
{#- a postal code of another country is none of the areas' -#}
{%- set codes = {
    'commune': ('commune', 'customer_areas.commune_code'),
    'parent': ('commune', 'customer_areas.parent_commune_code'),
    'postal': ('postal_code', 'case when customer_areas.is_french then customer_areas.postal_code end'),
    'department': ('department', 'customer_areas.department_code'),
    'region': ('region', 'customer_areas.region_code'),
    'country': ('country', 'customer_areas.country_code'),
} %}
with

customer_areas as (

    select * from {{ ref('int_seg__customer_areas') }}

),

areas as (

    select * from {{ ref('int_seg__areas') }}

),

coordinates as (

    select * from {{ ref('int_seg__customer_coordinates') }}

),

nearest_places as (

    select * from {{ ref('int_seg__nearest_places') }}

),

places as (

    select * from {{ ref('int_seg__places') }}

),

zones as (

    select * from {{ ref('seg_calendar_zones') }}

),

final as (

    select
        customer_areas.customer_id,
        customer_areas.country_code,
        customer_areas.commune_code,
        customer_areas.parent_commune_code,
        customer_areas.department_code,
        customer_areas.region_code,
        customer_areas.region,
        customer_areas.school_zone,
        coalesce(customer_areas.calendar_zone, zones.zone) as calendar_zone,
        coordinates.latitude,
        coordinates.longitude,
        coordinates.coordinates_origin,
        {%- for column, levels in told.items() %}
        coalesce({% for level in levels %}{{ level }}.{{ column }}{{ ', ' if not loop.last }}{% endfor %}) as {{ column }},
        {%- endfor %}
        -- the reference's places are French: an abroad has centres of its own
        case when customer_areas.is_french or places.is_given then nearest_places.place_id end as nearest_place_id,
        case when customer_areas.is_french or places.is_given then places.name end as nearest_place,
        case when customer_areas.is_french or places.is_given then nearest_places.distance_km end as distance_to_centre_km
    from customer_areas
    left join coordinates
        on customer_areas.customer_id = coordinates.customer_id
    left join nearest_places
        on coordinates.latitude = nearest_places.latitude and coordinates.longitude = nearest_places.longitude
    left join places
        on nearest_places.place_id = places.place_id
    left join zones
        on customer_areas.country_code = zones.zone
    {%- for alias, (level, code) in codes.items() %}
    left join areas as {{ alias }}
        on {{ code }} = {{ alias }}.area_code and {{ alias }}.area_level = '{{ level }}'
    {%- endfor %}

)

select * from final
