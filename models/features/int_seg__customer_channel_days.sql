-- One row per customer, day on which it was known, kind and channel: orders, visits and messages.
{%- set inputs = ['orders', 'events', 'campaign_touches'] %}
{{ config(**dbt_segmentation.seg_kept(dbt_segmentation.seg_changed_rows('contact_day', inputs), ['channel'])) }}
with

orders as (

    select * from {{ ref('int_seg__orders') }}

),

session_days as (

    select * from {{ ref('int_seg__customer_session_days') }}

),

touches as (

    select * from {{ ref('int_seg__campaign_touches') }}

),

named as (

    select
        customer_id,
        order_day as contact_day,
        'order' as kind,
        channel,
        1 as contacts
    from orders
    where channel is not null and {{ dbt_segmentation.seg_rows_to_build('order_day', inputs) }}
    union all
    select
        customer_id,
        known_day as contact_day,
        'visit' as kind,
        'web' as channel,
        sessions as contacts
    from session_days
    where {{ dbt_segmentation.seg_rows_to_build('known_day', inputs) }}
    union all
    select
        customer_id,
        sent_day as contact_day,
        'message' as kind,
        coalesce(channel, 'email') as channel,
        1 as contacts
    from touches
    where {{ dbt_segmentation.seg_rows_to_build('sent_day', inputs) }}

),

-- a fixed list: paths are compared, and a till's own name for itself is not a channel
grouped as (

    select
        customer_id,
        contact_day,
        kind,
        case
            when channel in ('shop', 'retail', 'pos') then 'store'
            when channel in ('web', 'store', 'phone', 'app', 'email', 'sms', 'post', 'push', 'social') then channel
            else 'other'
        end as channel,
        contacts
    from named

),

final as (

    select
        customer_id,
        contact_day,
        kind,
        channel,
        {{ dbt_segmentation.seg_count_sum('contacts') }} as contacts
    from grouped
    group by customer_id, contact_day, kind, channel

)

select * from final
