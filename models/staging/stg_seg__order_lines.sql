-- One row per row of the order lines input: our names, trimmed and cast, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('order_lines') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('order_lines') }}
    from source

)

select * from final
