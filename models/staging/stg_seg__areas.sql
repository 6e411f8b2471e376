-- One row per row of the areas input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('areas') }} {{- dbt_segmentation.seg_where_known('areas') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('areas') }}
    from source

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('areas') }}
    from given

)

select * from final
