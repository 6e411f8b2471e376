-- One row per customer and snapshot with a visit in the window: what was looked for, wanted and left behind.
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set counted = {
    'search_count': 'searches', 'item_view_count': 'item_views', 'promotion_view_count': 'promotion_views',
    'wishlist_count': 'wishlist_adds', 'abandoned_cart_count': 'abandoned_carts', 'cart_session_count': 'cart_sessions',
} %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

session_days as (

    select * from {{ ref('int_seg__customer_session_days') }}

),

summed as (

    select
        customer_snapshots.customer_id,
        {%- for feature, column in counted.items() %}
        sum(session_days.{{ column }}) as {{ feature }},
        {%- endfor %}
        customer_snapshots.snapshot_date
    from customer_snapshots
    inner join session_days
        on
            customer_snapshots.customer_id = session_days.customer_id
            and {{ dbt_segmentation.seg_in_window('session_days.session_day', 'customer_snapshots.snapshot_date', window_days) }}
            and {{ dbt_segmentation.seg_in_window('session_days.known_day', 'customer_snapshots.snapshot_date') }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date

),

final as (

    select
        customer_id,
        snapshot_date,
        search_count,
        item_view_count,
        promotion_view_count,
        wishlist_count,
        abandoned_cart_count,
        {{ dbt_segmentation.seg_ratio('abandoned_cart_count', 'greatest(cart_session_count, abandoned_cart_count)') }} as cart_abandonment_share
    from summed

)

select * from final
