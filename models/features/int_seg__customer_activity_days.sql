-- One row per customer, day and day since which it is known: orders, revenue, visits and messages, side by side. A view over partial tables.
{{ config(materialized='view', enabled=dbt_segmentation.seg_family_enabled(['trend'])) }}
with

customer_days as (

    select * from {{ ref('int_seg__customer_days') }}

),

session_days as (

    select * from {{ ref('int_seg__customer_session_days') }}

),

touch_days as (

    select * from {{ ref('int_seg__customer_touch_days') }}

),

final as (

    select
        customer_id,
        order_day as activity_day,
        order_day as known_day,
        orders as order_count,
        revenue,
        null as session_count,
        null as messages_sent
    from customer_days
    union all
    select
        customer_id,
        session_day as activity_day,
        known_day,
        null as order_count,
        null as revenue,
        sessions as session_count,
        null as messages_sent
    from session_days
    union all
    select
        customer_id,
        touch_day as activity_day,
        touch_day as known_day,
        null as order_count,
        null as revenue,
        null as session_count,
        messages_sent
    from touch_days

)

select * from final
