-- One row per row of the order lines input: its customer and day, and whether it is used, rejected, withheld or later.
-- Judged once and stored, because lines are many. Of a line that is withheld nothing is kept but that there was one.
{%- set columns = [
    'order_line_id', 'order_id', 'customer_id', 'order_day', 'is_cancelled', 'product_id', 'category', 'brand_type', 'quantity',
    'line_amount', 'discount_amount', 'rejection_reason', 'rejected_field', 'rejected_value'
] %}
with

order_lines as (

    select * from {{ ref('stg_seg__order_lines') }}

),

orders as (

    select * from {{ ref('int_seg__checked_orders') }}
    where copy_number = 1

),

run as (

    select * from {{ ref('int_seg__run') }}

),

prepared as (

    select
        order_lines.*,
        orders.customer_id,
        orders.owner_status,
        orders.order_day,
        orders.is_cancelled,
        orders.row_status as order_status,
        run.as_of_date,
        row_number() over (
            partition by order_lines.order_line_id
            order by {{ dbt_segmentation.seg_tie_breaker('order_lines', 'order_lines') }}
        ) as copy_number
    from order_lines
    cross join run
    left join orders
        on order_lines.order_id = orders.order_id

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
        line_amount,
        discount_amount,
        rejection_reason,
        rejected_field,
        rejected_value,
        {{ dbt_segmentation.seg_row_status('order_day') }}
    from judged

),

final as (

    select
        {%- for column in columns %}
        case when row_status <> 'withheld' then {{ column }} end as {{ column }},
        {%- endfor %}
        row_status
    from told

)

select * from final
