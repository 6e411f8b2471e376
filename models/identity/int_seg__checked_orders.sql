-- One row per row of the orders input: its customer, day and revenue, and whether it is used, rejected, withheld or later.
-- A view: rows of people who may not be profiled are judged and counted here, and stored nowhere.
{{ config(materialized='view') }}
with

orders as (

    select * from {{ ref('stg_seg__orders') }}

),

customers as (

    select
        source_system,
        source_record_id,
        customer_id,
        row_status as owner_status
    from {{ ref('int_seg__customer_records') }}
    where row_status in ('used', 'withheld') and copy_number = 1

),

run as (

    select * from {{ ref('int_seg__run') }}

),

prepared as (

    select
        orders.*,
        customers.customer_id,
        customers.owner_status,
        run.as_of_date,
        run.run_date,
        {{ dbt_segmentation.seg_local_time('orders.ordered_at') }} as ordered_local,
        cast({{ dbt_segmentation.seg_local_time('orders.ordered_at') }} as date) as order_day,
        coalesce(
            orders.net_amount,
            orders.gross_amount - coalesce(orders.discount_amount, 0) - coalesce(orders.refund_amount, 0)
        ) as revenue,
        -- a cancelled order is a valid row, and no purchase
        coalesce(lower(orders.status) in ('cancelled', 'canceled', 'failed', 'voided', 'test'), false) as is_cancelled,
        -- the earliest copy counts: a later one may not reach back into snapshots before it
        row_number() over (
            partition by orders.order_id
            order by orders.ordered_at asc nulls last, {{ dbt_segmentation.seg_tie_breaker('orders', 'orders') }}
        ) as copy_number
    from orders
    cross join run
    left join customers
        on
            orders.source_system = customers.source_system
            and orders.source_record_id = customers.source_record_id

),

judged as (

    select
        *,
        {{ dbt_segmentation.seg_first_problem(
            dbt_segmentation.seg_unreadable_rules('orders')
            + [
                ('copy_number > 1', 'duplicate_key', 'order_id', 'order_id'),
                (dbt_segmentation.seg_is_future('order_day', 'run_date'), 'in_the_future', 'ordered_at', 'ordered_at_as_given'),
                ('customer_id is null', 'unknown_customer', 'source_record_id', 'source_record_id'),
            ]
        ) }}
    from prepared

),

final as (

    select
        *,
        {{ dbt_segmentation.seg_row_status('order_day') }}
    from judged

)

select * from final
