-- One row per customer and snapshot with a visit: how often, how deep and how long visits were, how far they went, and what led to the first order.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['journey'])) }}
{%- set stages = ['item', 'cart', 'checkout', 'purchase'] %}
with

visit_sums as (

    select * from {{ ref('int_seg__customer_visit_sums') }}

),

customer_days as (

    select * from {{ ref('int_seg__customer_days') }}

),

favourites as (

    select * from {{ ref('int_seg__customer_favourites') }}

),

first_orders as (

    select
        customer_id,
        min(order_day) as first_order_day
    from customer_days
    group by customer_id

),

final as (

    select
        visit_sums.customer_id,
        visit_sums.snapshot_date,
        {{ dbt.datediff('visit_sums.last_session_day', 'visit_sums.snapshot_date', 'day') }} as session_recency_days,
        visit_sums.sessions as session_count,
        {{ dbt_segmentation.seg_ratio('visit_sums.views', 'visit_sums.sessions') }} as session_depth,
        {{ dbt_segmentation.seg_ratio('visit_sums.dwell_seconds', 'visit_sums.sessions') }} as session_dwell_seconds,
        {{ dbt_segmentation.seg_ratio('visit_sums.bounces', 'visit_sums.sessions') }} as bounce_share,
        {{ dbt_segmentation.seg_ratio('visit_sums.item_sessions', 'visit_sums.sessions') }} as item_session_share,
        {{ dbt_segmentation.seg_ratio('visit_sums.cart_sessions', 'visit_sums.sessions') }} as cart_session_share,
        {{ dbt_segmentation.seg_ratio('visit_sums.checkout_sessions', 'visit_sums.sessions') }} as checkout_session_share,
        {{ dbt_segmentation.seg_ratio('visit_sums.purchase_sessions', 'visit_sums.sessions') }} as purchase_session_share,
        -- mean of how far visits went: 0 looked around, 1 saw a product, 2 filled a cart, 3 began the checkout, 4 ordered
        {{ dbt_segmentation.seg_ratio(
            'stage_1_sessions + 2 * stage_2_sessions + 3 * stage_3_sessions + 4 * stage_4_sessions', 'visit_sums.sessions'
        ) }} as funnel_depth,
        -- of the visits that came to a stage or beyond, the share that ended there
        {%- for stage in stages[:3] %}
        {%- set beyond = [] %}
        {%- for number in range(loop.index, 5) %}{% do beyond.append('stage_' ~ number ~ '_sessions') %}{% endfor %}
        {{ dbt_segmentation.seg_ratio('stage_' ~ loop.index ~ '_sessions', beyond | join(' + ')) }} as {{ stage }}_drop_share,
        {%- endfor %}
        case
            {%- for number in range(4, 0, -1) %}
            when stage_{{ number }}_sessions > 0 then '{{ stages[number - 1] }}'
            {%- endfor %}
            when visit_sums.sessions > 0 then 'visit'
        end as furthest_step,
        visit_sums.first_step,
        visit_sums.last_step,
        {{ dbt_segmentation.seg_more_frequent('visit_sums.step', 'visit_sums.step_times', 'favourites.step', 'favourites.step_times') }}
            as most_used_step,
        {{ dbt_segmentation.seg_ratio('visit_sums.mobile + visit_sums.tablet', 'visit_sums.device_sessions') }} as mobile_session_share,
        -- somebody who ordered before the first visit was not led by it
        case
            when
                first_orders.first_order_day >= visit_sums.first_session_day
                and {{ dbt_segmentation.seg_in_window('first_orders.first_order_day', 'visit_sums.snapshot_date') }}
                then {{ dbt.datediff('visit_sums.first_session_day', 'first_orders.first_order_day', 'day') }}
        end as visit_to_order_days
    from visit_sums
    left join first_orders
        on visit_sums.customer_id = first_orders.customer_id
    left join favourites
        on
            visit_sums.customer_id = favourites.customer_id
            and visit_sums.snapshot_date = favourites.snapshot_date

)

select * from final
