-- One row per customer and snapshot with a ticket by then: how often help was needed, how long it took and how content the customer was.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['support'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

support_tickets as (

    select * from {{ ref('int_seg__support_tickets') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

known as (

    select
        support_tickets.customer_id,
        snapshots_in_hand.snapshot_date,
        support_tickets.opened_day,
        support_tickets.closed_day,
        support_tickets.satisfaction,
        -- a snapshot knows of an end only what had come to its end
        coalesce({{ dbt_segmentation.seg_in_window('support_tickets.closed_day', 'snapshots_in_hand.snapshot_date') }}, false) as is_closed
    from snapshots_in_hand
    inner join support_tickets
        on {{ dbt_segmentation.seg_in_window('support_tickets.opened_day', 'snapshots_in_hand.snapshot_date', window_days) }}

),

final as (

    select
        customer_id,
        snapshot_date,
        count(*) as ticket_count,
        count(case when not is_closed then 1 end) as open_ticket_count,
        {{ dbt_segmentation.seg_mean(
            'case when is_closed then ' ~ dbt.datediff('opened_day', 'closed_day', 'day') ~ ' end'
        ) }} as ticket_days,
        -- asked when a ticket is closed
        {{ dbt_segmentation.seg_mean('case when is_closed then satisfaction end') }} as ticket_satisfaction
    from known
    group by customer_id, snapshot_date

)

select * from final
