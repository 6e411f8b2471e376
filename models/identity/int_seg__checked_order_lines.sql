-- One row per row of the order lines input: its customer and day, and whether it is used, rejected, withheld or later.
-- Judged once and stored, because lines are many. Of a line that is withheld nothing is kept but that there was one.
{%- set columns = [
    'order_line_id', 'order_id', 'customer_id', 'order_day', 'is_cancelled', 'product_id', 'category', 'brand_type', 'quantity',
    'line_amount', 'discount_amount', 'cost_amount', 'rejection_reason', 'rejected_field', 'masked_value'
] %}
{%- set amount = dbt_segmentation.seg_type('amount') %}
with

order_lines as (

    select * from {{ ref('stg_seg__order_lines') }}

),

orders as (

    select
        order_id,
        customer_id,
        order_day,
        is_cancelled,
        exchange_rate,
        row_status
    from {{ ref('int_seg__checked_orders') }}
    -- a copy of an order is no order of its own
    where order_id is not null and coalesce(rejection_reason, '') <> 'duplicate_key'

),

-- orders that are there, but of which nothing may be kept, are known by their absence above
orders_read as (

    select distinct order_id
    from {{ ref('stg_seg__orders') }}
    where order_id is not null

),

run as (

    select * from {{ ref('int_seg__run') }}

),

prepared as (

    select
        order_lines.*,
        orders.customer_id,
        orders.order_day,
        orders.is_cancelled,
        orders.exchange_rate,
        orders.row_status as order_status,
        case when orders.order_id is null and orders_read.order_id is not null then 'withheld' end as owner_status,
        run.as_of_date,
        row_number() over (
            partition by order_lines.order_line_id
            order by {{ dbt_segmentation.seg_tie_breaker('order_lines', 'order_lines') }}
        ) as copy_number
    from order_lines
    cross join run
    left join orders
        on order_lines.order_id = orders.order_id
    left join orders_read
        on order_lines.order_id = orders_read.order_id

),

judged as (

    select
        *,
        {{ dbt_segmentation.seg_first_problem(
            dbt_segmentation.seg_unreadable_rules('order_lines')
            + [
                ('copy_number > 1', 'duplicate_key', 'order_line_id', 'order_line_id'),
                ('order_status is null', 'unknown_order', 'order_id', 'order_id'),
                ("order_status = 'rejected'", 'order_rejected', 'order_id', 'order_id'),
                ('quantity = 0 and line_amount = 0', 'nothing_bought', 'quantity', 'quantity'),
                ('quantity > 0 and line_amount < 0', 'negative_amount', 'line_amount', 'line_amount_as_given'),
            ]
        ) }}
    from prepared

),

told as (

    select
        order_line_id,
        order_id,
        customer_id,
        order_day,
        is_cancelled,
        product_id,
        category,
        lower(brand_type) as brand_type,
        -- a line with an amount and no quantity keeps its amount; how many units it was is not known
        nullif(quantity, 0) as quantity,
        {%- for column in ['line_amount', 'discount_amount', 'cost_amount'] %}
        -- in the project's currency, as its order
        case when coalesce(exchange_rate, 1) = 1 then {{ column }} else cast({{ column }} * exchange_rate as {{ amount }}) end as {{ column }},
        {%- endfor %}
        rejection_reason,
        rejected_field,
        masked_value,
        {{ dbt_segmentation.seg_row_status('order_day') }}
    from judged

),

final as (

    select
        {{- dbt_segmentation.seg_unless_withheld(columns, always=['order_line_id', 'rejection_reason', 'rejected_field', 'masked_value']) }},
        row_status
    from told

)

select * from final
