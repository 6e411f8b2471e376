-- One row per row of the customers input: whether it is used, rejected or withheld. Of a withheld row nothing else is kept.
with

customers as (

    select
        *,
        {{ dbt_segmentation.seg_copy_number('customers') }}
    from {{ ref('stg_seg__customers') }}

),

suppressed_records as (

    select * from {{ ref('int_seg__suppressed_records') }}

),

judged as (

    select
        customers.source_system,
        customers.source_record_id,
        case when suppressed_records.record_key is not null then 'withheld' end as owner_status,
        {{ dbt_segmentation.seg_first_problem([
            ('customers.source_system is null', 'missing_source_system', 'source_system', none),
            ('customers.source_record_id is null', 'missing_source_record_id', 'source_record_id', none),
            ('customers.copy_number > 1', 'duplicate_key', 'source_record_id', 'customers.source_record_id'),
        ]) }}
    from customers
    left join suppressed_records
        on customers.record_key = suppressed_records.record_key

),

told as (

    select
        *,
        {{ dbt_segmentation.seg_row_status() }}
    from judged

),

final as (

    select
        {{ dbt_segmentation.seg_unless_withheld(
            ['source_system', 'source_record_id', 'rejection_reason', 'rejected_field', 'masked_value']
        ) }},
        row_status
    from told

)

select * from final
