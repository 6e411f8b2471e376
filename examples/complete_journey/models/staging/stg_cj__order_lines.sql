-- One row per product in a basket. sales_value is what the shop receives, after its own discounts.
with

transactions as (

    select * from {{ ref('raw_cj__transactions') }}

),

products as (

    select * from {{ ref('raw_cj__products') }}

),

joined as (

    select
        transactions.*,
        products.department,
        lower(products.brand) as brand_type,
        -- some fuel is booked under MISCELLANEOUS
        coalesce(products.department = 'FUEL' or products.product_type like 'GASOLINE%', false) as is_fuel
    from transactions
    left join products
        on transactions.product_id = products.product_id

),

final as (

    select
        concat(basket_id, '-', product_id) as order_line_id,
        cast(basket_id as varchar) as order_id,
        cast(product_id as varchar) as product_id,
        case when is_fuel then 'FUEL' else department end as category,
        brand_type,
        -- fuel is counted in thousandths of a gallon or the like, up to 89,638: not units
        case when not is_fuel then quantity end as quantity,
        cast(sales_value as decimal(12, 2)) as line_amount,
        cast(retail_disc as decimal(12, 2)) + cast(coupon_match_disc as decimal(12, 2)) as discount_amount
    from joined

)

select * from final
