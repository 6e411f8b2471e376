-- One row per visit: a customer's events of one local day, known since the same day, with no longer pause than seg_session_gap_minutes.
-- A visit ends at midnight: a snapshot of the day before must not know what follows.
{{ config(**dbt_segmentation.seg_kept(
    dbt_segmentation.seg_changed_rows('known_day', ['events']), ['journey', 'intent', 'usage', 'trend', 'channel', 'contextual']
)) }}
{%- set gap = dbt_segmentation.seg_var('seg_session_gap_minutes') * 60 %}
{%- set double = dbt_segmentation.seg_type('double') %}
{#- what shows a page to somebody, in place of a page view or beside it #}
{%- set views = "('event_page_view', 'event_view_item', 'event_view_item_list', 'event_content_view', 'event_view_cart')" %}
{#- what tools send by themselves tells nothing of what the visitor did #}
{%- set automatic = dbt_segmentation.seg_automatic_events() %}
with

events as (

    select * from {{ ref('int_seg__events') }}
    where {{ dbt_segmentation.seg_rows_to_build('known_day', ['events']) }}

),

paused as (

    select
        *,
        {{ dbt.datediff(
            'lag(occurred_at) over (partition by customer_id, occurred_day, known_day order by occurred_at, event_id)',
            'occurred_at', 'second'
        ) }} as pause_seconds
    from events

),

numbered as (

    select
        *,
        sum(case when pause_seconds <= {{ gap }} then 0 else 1 end) over (
            partition by customer_id, occurred_day, known_day
            order by occurred_at, event_id
            rows between unbounded preceding and current row
        ) as session_number
    from paused

),

placed as (

    select
        *,
        row_number() over (
            partition by customer_id, occurred_day, known_day, session_number, event_name in {{ automatic }}
            order by occurred_at, event_id
        ) as place,
        row_number() over (
            partition by customer_id, occurred_day, known_day, session_number, event_name in {{ automatic }}
            order by occurred_at desc, event_id desc
        ) as place_from_end
    from numbered

),

summed as (

    select
        customer_id,
        occurred_day as session_day,
        known_day,
        session_number,
        min(occurred_at) as started_at,
        min(occurred_local) as started_local,
        {{ dbt.datediff('min(occurred_at)', 'max(occurred_at)', 'second') }} as span_seconds,
        {{ dbt_segmentation.seg_exact_sum('duration_seconds') }} as duration_seconds,
        count(*) as events,
        count(case when event_name not in {{ automatic }} then 1 end) as acts,
        count(case when event_name in {{ views }} then 1 end) as views,
        count(case when event_name = 'event_view_item' then 1 end) as item_views,
        count(case when event_name = 'event_search' then 1 end) as searches,
        count(case when event_name = 'event_promotion' then 1 end) as promotion_views,
        count(case when event_name = 'event_add_to_wishlist' then 1 end) as wishlist_adds,
        count(case when event_name = 'event_add_to_cart' then 1 end) as cart_adds,
        count(case when event_name = 'event_cart_abandoned' then 1 end) as carts_told_abandoned,
        count(case when event_name in ('event_begin_checkout', 'event_checkout_step') then 1 end) as checkout_steps,
        count(case when event_name = 'event_purchase' then 1 end) as purchases,
        count(case when event_name = 'event_login' then 1 end) as logins,
        max(case when place = 1 and event_name not in {{ automatic }} then event_name end) as entry_step,
        max(case when place_from_end = 1 and event_name not in {{ automatic }} then event_name end) as exit_step,
        -- of several devices or networks in a visit, the first in the alphabet: one visit counts once
        min(device) as device,
        min(network) as network
    from placed
    group by customer_id, occurred_day, known_day, session_number

),

final as (

    select
        *,
        -- what tools measured, or else the time between the first event and the last
        coalesce(duration_seconds, cast(span_seconds as {{ double }})) as dwell_seconds,
        acts <= 1 as is_bounce,
        item_views > 0 as has_viewed_item,
        cart_adds > 0 as has_cart,
        checkout_steps > 0 as has_checkout,
        purchases > 0 as has_purchase,
        (cart_adds > 0 or carts_told_abandoned > 0) and purchases = 0 as has_abandoned_cart,
        -- how far down the funnel: 1 product, 2 cart, 3 checkout, 4 order
        case
            when purchases > 0 then 4
            when checkout_steps > 0 then 3
            when cart_adds > 0 then 2
            when item_views > 0 then 1
            else 0
        end as furthest_stage
    from summed

)

select * from final
