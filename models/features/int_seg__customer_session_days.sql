-- One row per customer, day of visits and day since which they are known to be the customer's: what windows of visits are summed from.
{{ config(**dbt_segmentation.seg_kept(
    dbt_segmentation.seg_changed_rows('known_day', ['events']), ['journey', 'intent', 'usage', 'trend', 'channel']
)) }}
with

sessions as (

    select
        *,
        row_number() over (partition by customer_id, session_day, known_day order by session_number asc) as place,
        row_number() over (partition by customer_id, session_day, known_day order by session_number desc) as place_from_end
    from {{ ref('int_seg__sessions') }}
    where {{ dbt_segmentation.seg_rows_to_build('known_day', ['events']) }}

),

final as (

    select
        customer_id,
        session_day,
        known_day,
        count(*) as sessions,
        sum(views) as views,
        {{ dbt_segmentation.seg_exact_sum('dwell_seconds') }} as dwell_seconds,
        count(case when is_bounce then 1 end) as bounces,
        count(case when has_viewed_item then 1 end) as item_sessions,
        count(case when has_cart then 1 end) as cart_sessions,
        count(case when has_checkout then 1 end) as checkout_sessions,
        count(case when has_purchase then 1 end) as purchase_sessions,
        {%- for stage in range(1, 5) %}
        count(case when furthest_stage = {{ stage }} then 1 end) as stage_{{ stage }}_sessions,
        {%- endfor %}
        count(case when has_abandoned_cart then 1 end) as abandoned_carts,
        sum(item_views) as item_views,
        sum(searches) as searches,
        sum(promotion_views) as promotion_views,
        sum(wishlist_adds) as wishlist_adds,
        sum(logins) as logins,
        sum(acts) as acts,
        max(case when place = 1 then entry_step end) as entry_step,
        max(case when place_from_end = 1 then exit_step end) as exit_step,
        count(device) as device_sessions,
        count(case when device in ('mobile', 'tablet') then 1 end) as mobile_sessions
    from sessions
    group by customer_id, session_day, known_day

)

select * from final
