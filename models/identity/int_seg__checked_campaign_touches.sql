-- One row per row of the campaign touches input: its customer, and whether it is used, rejected, withheld or later.
-- A view: rows of people who may not be profiled are judged and counted here, and stored nowhere.
{{ config(materialized='view') }}
with

touches as (

    select * from {{ ref('stg_seg__campaign_touches') }}

),

customers as (

    select
        source_system,
        source_record_id,
        customer_id,
        row_status as owner_status
    from {{ ref('int_seg__customer_records') }}
    where row_status in ('used', 'withheld') and copy_number = 1

),

run as (

    select * from {{ ref('int_seg__run') }}

),

prepared as (

    select
        touches.*,
        customers.customer_id,
        customers.owner_status,
        run.as_of_date,
        cast({{ dbt_segmentation.seg_local_time('touches.sent_at') }} as date) as sent_day,
        cast({{ dbt_segmentation.seg_local_time('touches.opened_at') }} as date) as opened_day,
        cast({{ dbt_segmentation.seg_local_time('touches.clicked_at') }} as date) as clicked_day,
        cast({{ dbt_segmentation.seg_local_time('touches.converted_at') }} as date) as converted_day,
        row_number() over (
            partition by touches.touch_id
            order by touches.sent_at asc nulls last, {{ dbt_segmentation.seg_tie_breaker('campaign_touches', 'touches') }}
        ) as copy_number
    from touches
    cross join run
    left join customers
        on
            touches.source_system = customers.source_system
            and touches.source_record_id = customers.source_record_id

),

judged as (

    select
        *,
        {{ dbt_segmentation.seg_first_problem(
            dbt_segmentation.seg_unreadable_rules('campaign_touches')
            + [
                ('copy_number > 1', 'duplicate_key', 'touch_id', 'touch_id'),
                ('customer_id is null', 'unknown_customer', 'source_record_id', 'source_record_id'),
            ]
        ) }}
    from prepared

),

final as (

    select
        *,
        {{ dbt_segmentation.seg_row_status('sent_day') }}
    from judged

)

select * from final
