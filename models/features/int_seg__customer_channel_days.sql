-- One row per customer, day on which it was known, kind and channel: orders, visits and messages.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['channel'])) }}
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
    where channel is not null
    union all
    select
        customer_id,
        known_day as contact_day,
        'visit' as kind,
        'web' as channel,
        sessions as contacts
    from session_days
    union all
    select
        customer_id,
        sent_day as contact_day,
        'message' as kind,
        coalesce(channel, 'email') as channel,
        1 as contacts
    from touches

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
        sum(contacts) as contacts
    from grouped
    group by customer_id, contact_day, kind, channel

)

select * from final
