-- One row per record of the customers input: our names, trimmed and cast, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('customers') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('customers') }}
    from source

)

select * from final
