-- One row per order that counts: a purchase by a customer who may be profiled, up to the as-of date.
with

checked_orders as (

    select * from {{ ref('int_seg__checked_orders') }}

),

final as (

    select
        order_id,
        customer_id,
        order_day,
        ordered_local,
        channel,
        store_id,
        coalesce(coupon_used, false) as coupon_used,
        gross_amount,
        discount_amount,
        refund_amount,
        status,
        revenue
    from checked_orders
    where row_status = 'used' and not is_cancelled

)

select * from final
