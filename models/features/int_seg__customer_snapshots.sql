-- One row per customer and snapshot whose features this run builds: the spine of every family. All of a snapshot that is new or that a
-- changed day comes before; of the other snapshots, the customers who are not who they were.
with

known_customers as (

    select * from {{ ref('int_seg__known_customers') }}

),

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

reopened_snapshots as (

    select * from {{ ref('int_seg__reopened_snapshots') }}

),

changed_customers as (

    select * from {{ ref('int_seg__changed_customers') }}

),

final as (

    select
        known_customers.customer_id,
        snapshots.snapshot_date,
        known_customers.known_since
    from known_customers
    inner join snapshots
        on {{ dbt_segmentation.seg_in_window('known_customers.known_since', 'snapshots.snapshot_date') }}
    left join reopened_snapshots
        on snapshots.snapshot_date = reopened_snapshots.snapshot_date
    left join changed_customers
        on known_customers.customer_id = changed_customers.customer_id
    where reopened_snapshots.snapshot_date is not null or changed_customers.customer_id is not null

)

select * from final
