-- One row per area and level: what you say of it, and where you say nothing what the reference says.
{%- set numbers = ['population', 'density', 'latitude', 'longitude'] %}
with

areas as (

    select
        *,
        {{ dbt_segmentation.seg_area_level('area_level') }} as level_name
    from {{ ref('int_seg__checked_areas') }}
    where row_status = 'used'

),

departments as (

    select * from {{ ref('seg_departments') }}

),

towns as (

    select * from {{ ref('seg_towns') }}

),

postal_codes as (

    select * from {{ ref('seg_postal_codes') }}

),

reference as (

    select
        'department' as area_level,
        department_code as area_code,
        name,
        population,
        density,
        latitude,
        longitude
    from departments
    union all
    select
        'commune' as area_level,
        commune_code as area_code,
        name,
        population,
        density,
        latitude,
        longitude
    from towns
    union all
    select
        'postal_code' as area_level,
        postal_code as area_code,
        null as name,
        population,
        density,
        latitude,
        longitude
    from postal_codes
    union all
    select
        'region' as area_level,
        region_code as area_code,
        min(region) as name,
        sum(population) as population,
        -- a region with a department whose surface is not known has no density
        case when count(surface_km2) = count(*) then {{ dbt_segmentation.seg_rounded('sum(population) / sum(surface_km2)', 1) }} end as density,
        null as latitude,
        null as longitude
    from departments
    group by region_code

),

numbered as (

    select
        *,
        {{ dbt_segmentation.seg_area_code('area_code', 'level_name') }} as code,
        -- of two rows of an area any will do, as long as it is always the same
        row_number() over (
            partition by level_name, {{ dbt_segmentation.seg_area_code('area_code', 'level_name') }}
            order by {{ dbt_segmentation.seg_tie_breaker('areas') }}
        ) as copy_number
    from areas

),

given as (

    select * from numbered
    where copy_number = 1

),

merged as (

    select
        coalesce(given.code, reference.area_code) as area_code,
        coalesce(given.level_name, reference.area_level) as area_level,
        coalesce(given.name, reference.name) as name,
        {{ dbt_segmentation.seg_match_text('given.urban_class') }} as urban_class,
        {%- for column in numbers %}
        coalesce(given.{{ column }}, reference.{{ column }}) as {{ column }},
        {%- endfor %}
        given.median_income,
        given.mean_income,
        given.unemployment_rate,
        given.code is not null as is_given
    from reference
    full outer join given
        on reference.area_code = given.code and reference.area_level = given.level_name

),

final as (

    select
        area_code,
        area_level,
        name,
        cast(population as {{ dbt_segmentation.seg_type('double') }}) as population,
        density,
        coalesce(nullif(urban_class, ''), {{ dbt_segmentation.seg_urban_class('density') }}) as urban_class,
        median_income,
        mean_income,
        unemployment_rate,
        latitude,
        longitude,
        is_given
    from merged

)

select * from final
