-- One row per request to be forgotten: our names, trimmed and cast, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('erasure_requests') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('erasure_requests') }}
    from source

)

select * from final
