-- One row per basket: money summed from its lines.
with

transactions as (

    select * from {{ ref('raw_cj__transactions') }}

),

final as (

    select
        cast(basket_id as varchar) as order_id,
        'loyalty_card' as source_system,
        cast(household_id as varchar) as source_record_id,
        transaction_timestamp as ordered_at,
        cast(store_id as varchar) as store_id,
        'shop' as channel,
        'USD' as currency,
        -- before the shop's own discounts; a manufacturer's coupon is paid back to the shop
        sum(
            cast(sales_value as decimal(12, 2)) + cast(retail_disc as decimal(12, 2)) + cast(coupon_match_disc as decimal(12, 2))
        ) as gross_amount,
        sum(cast(retail_disc as decimal(12, 2)) + cast(coupon_match_disc as decimal(12, 2))) as discount_amount,
        sum(cast(sales_value as decimal(12, 2))) as net_amount,
        bool_or(coupon_disc > 0 or coupon_match_disc > 0) as coupon_used
    from transactions
    group by basket_id, household_id, transaction_timestamp, store_id

)

select * from final
