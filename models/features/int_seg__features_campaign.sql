-- One row per customer and snapshot: messages received in the window, and which were opened, clicked, answered or ended by leaving the list.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['campaign'])) }}
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
        sum(touch_days.messages_converted) as messages_converted,
        sum(touch_days.messages_unsubscribed) as messages_unsubscribed,
        sum(touch_days.messages_open_known) as messages_open_known
    from customer_snapshots
    inner join touch_days
        on
            customer_snapshots.customer_id = touch_days.customer_id
            and {{ dbt_segmentation.seg_in_window('touch_days.touch_day', 'customer_snapshots.snapshot_date', window_days) }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date

),

final as (

    select
        customer_id,
        snapshot_date,
        messages_sent,
        -- where openings are not looked at, nobody knows that there were none
        case when messages_open_known > 0 or messages_opened > 0 then messages_opened end as messages_opened,
        messages_clicked,
        messages_converted,
        messages_unsubscribed,
        {{ dbt_segmentation.seg_ratio('messages_opened', 'messages_open_known') }} as message_open_rate,
        {{ dbt_segmentation.seg_ratio('messages_clicked', 'messages_sent') }} as message_click_rate,
        {{ dbt_segmentation.seg_ratio('messages_converted', 'messages_sent') }} as message_response_rate
    from summed

)

select * from final
