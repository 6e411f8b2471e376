-- One row per request to be forgotten: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('erasure_requests') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('erasure_requests') }}
    from source

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('erasure_requests') }}
    from given

)

select * from final
