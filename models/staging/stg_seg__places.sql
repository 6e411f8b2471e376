-- One row per row of the places input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('places') }} {{- dbt_segmentation.seg_where_known('places') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('places') }}
    from source

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('places') }}
    from given

)

select * from final
