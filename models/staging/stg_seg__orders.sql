-- One row per row of the orders input: our names, trimmed and cast, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('orders') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('orders') }}
    from source

)

select * from final
