-- One row per order line that counts: part of a purchase in int_seg__orders. A view: the lines are stored once, judged.
{{ config(materialized='view') }}
with

checked_order_lines as (

    select * from {{ ref('int_seg__checked_order_lines') }}

),

final as (

    select
        order_line_id,
        order_id,
        customer_id,
        order_day,
        product_id,
        category,
        brand_type,
        quantity,
        line_amount,
        discount_amount
    from checked_order_lines
    where row_status = 'used' and not is_cancelled

)

select * from final
