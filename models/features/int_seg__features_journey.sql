-- One row per customer and snapshot with a visit: how often, how deep and how long visits were, how far they went, and what led to the first order.
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

session_days as (

    select * from {{ ref('int_seg__customer_session_days') }}

),

customer_days as (

    select * from {{ ref('int_seg__customer_days') }}

),

known as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        session_days.session_day,
        session_days.sessions,
        session_days.views,
        session_days.dwell_seconds,
        session_days.bounces,
        session_days.item_sessions,
        session_days.cart_sessions,
        session_days.checkout_sessions,
        session_days.purchase_sessions,
        session_days.device_sessions,
        session_days.mobile_sessions,
        {{ dbt_segmentation.seg_in_window('session_days.session_day', 'customer_snapshots.snapshot_date', window_days) }} as is_recent
    from customer_snapshots
    inner join session_days
        on
            customer_snapshots.customer_id = session_days.customer_id
            and {{ dbt_segmentation.seg_in_window('session_days.session_day', 'customer_snapshots.snapshot_date') }}
            -- a visit is the customer's only from the day on that told whose it was
            and {{ dbt_segmentation.seg_in_window('session_days.known_day', 'customer_snapshots.snapshot_date') }}

),

summed as (

    select
        customer_id,
        snapshot_date,
        min(session_day) as first_session_day,
        max(session_day) as last_session_day,
        {%- for column in [
            'sessions', 'views', 'bounces', 'item_sessions', 'cart_sessions', 'checkout_sessions', 'purchase_sessions',
            'device_sessions', 'mobile_sessions',
        ] %}
        sum(case when is_recent then {{ column }} end) as {{ column }},
        {%- endfor %}
        {{ dbt_segmentation.seg_exact_sum('case when is_recent then dwell_seconds end') }} as dwell_seconds
    from known
    group by customer_id, snapshot_date

),

first_orders as (

    select
        summed.customer_id,
        summed.snapshot_date,
        min(customer_days.order_day) as first_order_day
    from summed
    inner join customer_days
        on
            summed.customer_id = customer_days.customer_id
            and {{ dbt_segmentation.seg_in_window('customer_days.order_day', 'summed.snapshot_date') }}
    group by summed.customer_id, summed.snapshot_date

),

final as (

    select
        summed.customer_id,
        summed.snapshot_date,
        {{ dbt.datediff('summed.last_session_day', 'summed.snapshot_date', 'day') }} as session_recency_days,
        summed.sessions as session_count,
        {{ dbt_segmentation.seg_ratio('summed.views', 'summed.sessions') }} as session_depth,
        {{ dbt_segmentation.seg_ratio('summed.dwell_seconds', 'summed.sessions') }} as session_dwell_seconds,
        {{ dbt_segmentation.seg_ratio('summed.bounces', 'summed.sessions') }} as bounce_share,
        {{ dbt_segmentation.seg_ratio('summed.item_sessions', 'summed.sessions') }} as item_session_share,
        {{ dbt_segmentation.seg_ratio('summed.cart_sessions', 'summed.sessions') }} as cart_session_share,
        {{ dbt_segmentation.seg_ratio('summed.checkout_sessions', 'summed.sessions') }} as checkout_session_share,
        {{ dbt_segmentation.seg_ratio('summed.purchase_sessions', 'summed.sessions') }} as purchase_session_share,
        {{ dbt_segmentation.seg_ratio('summed.mobile_sessions', 'summed.device_sessions') }} as mobile_session_share,
        -- somebody who ordered before the first visit was not led by it
        case
            when first_orders.first_order_day >= summed.first_session_day
                then {{ dbt.datediff('summed.first_session_day', 'first_orders.first_order_day', 'day') }}
        end as visit_to_order_days
    from summed
    left join first_orders
        on
            summed.customer_id = first_orders.customer_id
            and summed.snapshot_date = first_orders.snapshot_date

)

select * from final
