-- One row per customer and snapshot: baskets, prices, discounts, coupons, returns, private labels, hours and weekdays in the window.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['purchase'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set reductions = ['discount_amount', 'coupon_used'] %}
{%- set returns = ['refund_amount', 'status'] %}
{%- set told = dbt_segmentation.seg_if_told %}
{%- set summed = [
    'orders', 'order_lines', 'unit_amount', 'gross_amount', 'discount_amount', 'refund_amount', 'coupon_orders', 'returned_orders',
    'returned_lines', 'discounted_orders', 'discounted_gross_amount', 'discounted_gross_orders', 'full_price_gross_amount',
    'full_price_gross_orders', 'morning_orders', 'evening_orders', 'weekend_orders', 'private_label_amount', 'branded_amount',
] %}
with

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

customer_days as (

    select * from {{ ref('int_seg__customer_days') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

summed as (

    select
        customer_days.customer_id,
        {%- for column in summed %}
        {{ dbt_segmentation.seg_sum_rounded('customer_days.' ~ column) if column.endswith('_amount') else dbt_segmentation.seg_sum('customer_days.' ~ column) }} as {{ column }},
        {%- endfor %}
        {{ dbt_segmentation.seg_sum_rounded('customer_days.units', 1000000) }} as units,
        snapshots_in_hand.snapshot_date
    from snapshots_in_hand
    inner join customer_days
        on {{ dbt_segmentation.seg_in_window('customer_days.order_day', 'snapshots_in_hand.snapshot_date', window_days) }}
    group by customer_days.customer_id, snapshots_in_hand.snapshot_date

),

meant as (

    select
        *,
        {{ dbt_segmentation.seg_ratio('discounted_gross_amount', 'discounted_gross_orders') }} as discounted_basket,
        {{ dbt_segmentation.seg_ratio('full_price_gross_amount', 'full_price_gross_orders') }} as full_price_basket
    from summed

),

final as (

    select
        customer_id,
        snapshot_date,
        {{ dbt_segmentation.seg_ratio('order_lines', 'orders') }} as basket_lines,
        {{ dbt_segmentation.seg_ratio('units', 'orders') }} as basket_units,
        {{ dbt_segmentation.seg_ratio('unit_amount', 'units') }} as unit_price,
        {{ dbt_segmentation.seg_ratio('discount_amount', 'gross_amount') }} as discount_share,
        {{ told('orders', reductions, dbt_segmentation.seg_ratio('discounted_orders', 'orders')) }} as discounted_order_share,
        -- from -1 to 1: above 0 where baskets are larger when something is taken off; needs orders of both kinds
        {{ told('orders', reductions, dbt_segmentation.seg_ratio(
            'discounted_basket - full_price_basket', 'discounted_basket + full_price_basket'
        )) }} as discount_sensitivity,
        {{ told('orders', ['coupon_used'], dbt_segmentation.seg_ratio('coupon_orders', 'orders')) }} as coupon_order_share,
        -- an order that tells of no refund had none, as in its revenue
        case
            when gross_amount - coalesce(discount_amount, 0) > 0
                then {{ told('orders', ['refund_amount'], dbt_segmentation.seg_ratio(
                    'coalesce(refund_amount, 0)', 'gross_amount - coalesce(discount_amount, 0)'
                )) }}
        end as refund_share,
        {{ told('orders', returns, dbt_segmentation.seg_ratio('returned_orders', 'orders')) }} as returned_order_share,
        {{ dbt_segmentation.seg_ratio('returned_lines', 'order_lines') }} as returned_line_share,
        case
            when branded_amount > 0 then {{ dbt_segmentation.seg_ratio('coalesce(private_label_amount, 0)', 'branded_amount') }}
        end as private_label_share,
        {{ dbt_segmentation.seg_ratio('weekend_orders', 'orders') }} as weekend_share,
        {{ dbt_segmentation.seg_ratio('morning_orders', 'orders') }} as morning_share,
        {{ dbt_segmentation.seg_ratio('evening_orders', 'orders') }} as evening_share
    from meant

)

select * from final
