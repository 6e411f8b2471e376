-- One row per customer and day with an order: how many days after the day before with one. Not kept: a late order changes the gap that follows it.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['rfm'])) }}
with

customer_days as (

    select * from {{ ref('int_seg__customer_days') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

final as (

    select
        customer_id,
        order_day,
        orders,
        revenue,
        -- known on the day itself: it looks back only
        {{ dbt.datediff(
            'lag(order_day) over (partition by customer_id order by order_day)', 'order_day', 'day'
        ) }} as gap_days
    from customer_days

)

select * from final
