-- One row per customer and snapshot: messages received in the window, and which were opened, clicked, answered or ended by leaving the list.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['campaign'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

touch_days as (

    select * from {{ ref('int_seg__customer_touch_days') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

summed as (

    select
        touch_days.customer_id,
        {%- for act in ['sent', 'opened', 'clicked', 'converted', 'unsubscribed', 'open_known'] %}
        {{ dbt_segmentation.seg_sum('touch_days.messages_' ~ act) }} as messages_{{ act }},
        {%- endfor %}
        snapshots_in_hand.snapshot_date
    from snapshots_in_hand
    inner join touch_days
        on {{ dbt_segmentation.seg_in_window('touch_days.touch_day', 'snapshots_in_hand.snapshot_date', window_days) }}
    group by touch_days.customer_id, snapshots_in_hand.snapshot_date

),

final as (

    select
        customer_id,
        snapshot_date,
        messages_sent,
        -- where openings are not looked at, nobody knows that there were none
        case when messages_open_known > 0 or messages_opened > 0 then messages_opened end as messages_opened,
        {%- for act in ['clicked', 'converted', 'unsubscribed'] %}
        {{ dbt_segmentation.seg_if_told('campaign_touches', [act ~ '_at'], 'messages_' ~ act) }} as messages_{{ act }},
        {%- endfor %}
        {{ dbt_segmentation.seg_ratio('messages_opened', 'messages_open_known') }} as message_open_rate,
        {{ dbt_segmentation.seg_if_told('campaign_touches', ['clicked_at'], dbt_segmentation.seg_ratio('messages_clicked', 'messages_sent')) }} as message_click_rate,
        {{ dbt_segmentation.seg_if_told('campaign_touches', ['converted_at'], dbt_segmentation.seg_ratio('messages_converted', 'messages_sent')) }} as message_response_rate
    from summed

)

select * from final
