-- One row per customer and snapshot with a ticket by then: how often help was needed, how long it took and how content the customer was.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['support'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

support_tickets as (

    select * from {{ ref('int_seg__support_tickets') }}

),

known as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        support_tickets.opened_day,
        support_tickets.closed_day,
        support_tickets.satisfaction,
        -- a snapshot knows of an end only what had come to its end
        coalesce({{ dbt_segmentation.seg_in_window('support_tickets.closed_day', 'customer_snapshots.snapshot_date') }}, false) as is_closed
    from customer_snapshots
    inner join support_tickets
        on
            customer_snapshots.customer_id = support_tickets.customer_id
            and {{ dbt_segmentation.seg_in_window('support_tickets.opened_day', 'customer_snapshots.snapshot_date', window_days) }}

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
