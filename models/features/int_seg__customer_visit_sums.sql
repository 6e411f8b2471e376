-- One row per customer and snapshot with a visit by then: the visits of the window summed, the first and the last day of a visit.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['journey', 'intent'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set text = dbt.type_string() %}
{%- set summed = [
    'sessions', 'views', 'bounces', 'item_sessions', 'cart_sessions', 'checkout_sessions', 'purchase_sessions', 'stage_1_sessions',
    'stage_2_sessions', 'stage_3_sessions', 'stage_4_sessions', 'device_sessions', 'mobile_sessions', 'searches', 'item_views',
    'promotion_views', 'wishlist_adds', 'abandoned_carts',
] %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

session_days as (

    select * from {{ ref('int_seg__customer_session_days') }}

),

known as (

    select
        session_days.*,
        customer_snapshots.snapshot_date,
        {{ dbt_segmentation.seg_in_window('session_days.session_day', 'customer_snapshots.snapshot_date', window_days) }} as is_recent,
        -- a text that sorts as the visits went
        {{ dbt.concat(['cast(session_days.session_day as ' ~ text ~ ')', 'cast(session_days.known_day as ' ~ text ~ ')']) }} as place
    from customer_snapshots
    inner join session_days
        on
            customer_snapshots.customer_id = session_days.customer_id
            and {{ dbt_segmentation.seg_in_window('session_days.session_day', 'customer_snapshots.snapshot_date') }}
            -- a visit is the customer's only from the day on that told whose it was
            and {{ dbt_segmentation.seg_in_window('session_days.known_day', 'customer_snapshots.snapshot_date') }}

),

final as (

    select
        customer_id,
        snapshot_date,
        min(session_day) as first_session_day,
        max(session_day) as last_session_day,
        {%- for column in summed %}
        sum(case when is_recent then {{ column }} end) as {{ column }},
        {%- endfor %}
        substr(min(case when is_recent and entry_step is not null then {{ dbt.concat(['place', 'entry_step']) }} end), 21) as first_step,
        substr(max(case when is_recent and exit_step is not null then {{ dbt.concat(['place', 'exit_step']) }} end), 21) as last_step,
        {{ dbt_segmentation.seg_exact_sum('case when is_recent then dwell_seconds end') }} as dwell_seconds
    from known
    group by customer_id, snapshot_date

)

select * from final
