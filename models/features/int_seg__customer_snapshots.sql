-- One row per customer and snapshot at which the customer was known: the spine of every feature.
with

customers as (

    select * from {{ ref('int_seg__customers') }}

),

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

first_days as (

    select
        customer_id,
        min(order_day) as first_order_date
    from {{ ref('int_seg__customer_days') }}
    group by customer_id

),

first_events as (

    select
        customer_id,
        min(known_day) as first_event_date
    from {{ ref('int_seg__events') }}
    group by customer_id

),

known as (

    select
        customers.customer_id,
        first_days.first_order_date,
        -- a customer with neither order nor date of creation is known since the first event that was told to be theirs, or only now
        coalesce(
            least(customers.created_date, first_days.first_order_date),
            customers.created_date,
            first_days.first_order_date,
            first_events.first_event_date,
            run.as_of_date
        ) as known_since
    from customers
    cross join run
    left join first_days
        on customers.customer_id = first_days.customer_id
    left join first_events
        on customers.customer_id = first_events.customer_id

),

final as (

    select
        known.customer_id,
        snapshots.snapshot_date,
        snapshots.is_as_of,
        snapshots.is_window_complete,
        known.known_since
    from known
    inner join snapshots
        on {{ dbt_segmentation.seg_in_window('known.known_since', 'snapshots.snapshot_date') }}

)

select * from final
