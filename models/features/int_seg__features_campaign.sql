-- One row per customer and snapshot: messages received in the window and what came of them.
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

touch_days as (

    select * from {{ ref('int_seg__customer_touch_days') }}

),

summed as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        sum(touch_days.messages_sent) as messages_sent,
        sum(touch_days.messages_opened) as messages_opened,
        sum(touch_days.messages_clicked) as messages_clicked,
        sum(touch_days.messages_converted) as messages_converted
    from customer_snapshots
    inner join touch_days
        on
            customer_snapshots.customer_id = touch_days.customer_id
            and {{ dbt_segmentation.seg_in_window('touch_days.touch_day', 'customer_snapshots.snapshot_date', window_days) }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date

),

final as (

    select
        *,
        {{ dbt_segmentation.seg_ratio('messages_converted', 'messages_sent') }} as message_response_rate
    from summed

)

select * from final
