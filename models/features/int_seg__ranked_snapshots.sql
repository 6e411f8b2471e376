-- One row per snapshot whose ranks this run finds anew: one more customer, or one less, may change everybody's rank.
with

reopened_snapshots as (

    select * from {{ ref('int_seg__reopened_snapshots') }}

),

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

changed_customers as (

    select * from {{ ref('int_seg__changed_customers') }}
    where is_another_group

),

known_customers as (

    select * from {{ ref('int_seg__known_customers') }}

),

-- changed customers count from the first day that they, or those they were, were known
first_change as (

    select min(least(coalesce(changed_customers.built_known_since, known_customers.known_since), coalesce(known_customers.known_since, changed_customers.built_known_since))) as day
    from changed_customers
    left join known_customers
        on changed_customers.customer_id = known_customers.customer_id

),

final as (

    select snapshots.snapshot_date
    from snapshots
    cross join first_change
    left join reopened_snapshots
        on snapshots.snapshot_date = reopened_snapshots.snapshot_date
    where reopened_snapshots.snapshot_date is not null or first_change.day <= snapshots.snapshot_date

)

select * from final
