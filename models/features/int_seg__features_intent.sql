-- One row per customer and snapshot with a visit in the window: what was looked for, wanted and left behind.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['intent'])) }}
with

visit_sums as (

    select * from {{ ref('int_seg__customer_visit_sums') }}

),

final as (

    select
        customer_id,
        snapshot_date,
        event_search as search_count,
        event_view_item as item_view_count,
        event_promotion as promotion_view_count,
        event_add_to_wishlist as wishlist_count,
        abandoned_carts as abandoned_cart_count,
        {{ dbt_segmentation.seg_ratio('abandoned_carts', 'greatest(cart_sessions, abandoned_carts)') }} as cart_abandonment_share
    from visit_sums
    where sessions > 0

)

select * from final
