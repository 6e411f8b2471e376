-- One row per place that customers are near to or far from: yours, or where you give none the reference's economic centres.
with

places as (

    select * from {{ ref('int_seg__checked_places') }}
    where row_status = 'used'

),

towns as (

    select * from {{ ref('seg_towns') }}
    where is_economic_centre

),

numbered as (

    select
        *,
        row_number() over (partition by place_id order by {{ dbt_segmentation.seg_tie_breaker('places') }}) as copy_number
    from places

),

number_given as (

    select count(*) as places from places

),

final as (

    select
        place_id,
        name,
        latitude,
        longitude,
        coalesce(weight, 1) as weight,
        true as is_given
    from numbered
    where copy_number = 1
    union all
    select
        towns.commune_code as place_id,
        towns.name,
        towns.latitude,
        towns.longitude,
        cast(towns.population as {{ dbt_segmentation.seg_type('double') }}) as weight,
        false as is_given
    from towns
    cross join number_given
    where number_given.places = 0

)

select * from final
