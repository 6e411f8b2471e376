-- One row per customer: the areas that the postal code and the town put the customer in.
{%- set default_country = dbt_segmentation.seg_var('seg_default_country') or 'FR' %}
with

customers as (

    select
        customer_id,
        postal_code,
        city_key,
        coalesce(country_code, '{{ default_country }}') as country_code,
        coalesce(country_code, '{{ default_country }}') in {{ dbt_segmentation.seg_french_countries() }} as is_french
    from {{ ref('int_seg__customers') }}

),

postal_codes as (

    select * from {{ ref('seg_postal_codes') }}

),

departments as (

    select * from {{ ref('seg_departments') }}

),

towns as (

    select
        *,
        {{ dbt_segmentation.seg_match_text('name') }} as city_key
    from {{ ref('seg_towns') }}
    where parent_code is null

),

-- a name that two large towns share is no address
town_names as (

    select
        city_key,
        min(commune_code) as commune_code,
        min(department_code) as department_code
    from towns
    group by city_key
    having count(*) = 1

),

located as (

    select
        customers.customer_id,
        customers.country_code,
        customers.postal_code,
        customers.city_key,
        customers.is_french,
        postal_codes.commune_code as postal_commune_code,
        coalesce(
            postal_codes.department_code,
            case when customers.is_french then {{ dbt_segmentation.seg_department_of_postal_code('customers.postal_code') }} end,
            case when customers.postal_code is null then town_names.department_code end
        ) as department_code
    from customers
    left join postal_codes
        on customers.postal_code = postal_codes.postal_code and customers.is_french
    left join town_names
        on customers.city_key = town_names.city_key and customers.is_french

),

final as (

    select
        located.customer_id,
        located.country_code,
        located.postal_code,
        located.is_french,
        -- an arrondissement says more than its town; a town more than the main commune of its postal code
        case
            when postal_town.parent_code is not null then located.postal_commune_code
            else coalesce(towns.commune_code, located.postal_commune_code)
        end as commune_code,
        postal_town.parent_code as parent_commune_code,
        departments.department_code,
        departments.region_code,
        departments.region,
        departments.school_zone,
        departments.calendar_zone
    from located
    left join towns
        on located.city_key = towns.city_key and located.department_code = towns.department_code
    left join {{ ref('seg_towns') }} as postal_town
        on located.postal_commune_code = postal_town.commune_code
    left join departments
        on located.department_code = departments.department_code

)

select * from final
