-- One row per record of a source system that has a key: the copy updated last.
with

customers as (

    select * from {{ ref('stg_seg__customers') }}
    where source_system is not null and source_record_id is not null

),

numbered as (

    select
        *,
        {{ dbt_segmentation.seg_copy_number('customers') }}
    from customers

),

final as (

    select * from numbered
    where copy_number = 1

)

select * from final
