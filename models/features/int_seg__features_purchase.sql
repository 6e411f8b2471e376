-- One row per customer and snapshot: baskets, discounts, coupons, private labels, hours and weekdays in the window.
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

customer_days as (

    select * from {{ ref('int_seg__customer_days') }}

),

summed as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        sum(customer_days.orders) as orders,
        sum(customer_days.order_lines) as order_lines,
        sum(customer_days.gross_amount) as gross_amount,
        sum(customer_days.discount_amount) as discount_amount,
        sum(customer_days.coupon_orders) as coupon_orders,
        sum(customer_days.morning_orders) as morning_orders,
        sum(customer_days.evening_orders) as evening_orders,
        sum(customer_days.weekend_orders) as weekend_orders,
        sum(customer_days.private_label_amount) as private_label_amount,
        sum(customer_days.branded_amount) as branded_amount
    from customer_snapshots
    inner join customer_days
        on
            customer_snapshots.customer_id = customer_days.customer_id
            and {{ dbt_segmentation.seg_in_window('customer_days.order_day', 'customer_snapshots.snapshot_date', window_days) }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date

),

final as (

    select
        customer_id,
        snapshot_date,
        {{ dbt_segmentation.seg_ratio('order_lines', 'orders') }} as basket_lines,
        {{ dbt_segmentation.seg_ratio('discount_amount', 'gross_amount') }} as discount_share,
        {{ dbt_segmentation.seg_ratio('coupon_orders', 'orders') }} as coupon_order_share,
        case
            when branded_amount > 0 then {{ dbt_segmentation.seg_ratio('coalesce(private_label_amount, 0)', 'branded_amount') }}
        end as private_label_share,
        {{ dbt_segmentation.seg_ratio('weekend_orders', 'orders') }} as weekend_share,
        {{ dbt_segmentation.seg_ratio('morning_orders', 'orders') }} as morning_share,
        {{ dbt_segmentation.seg_ratio('evening_orders', 'orders') }} as evening_share
    from summed

)

select * from final
