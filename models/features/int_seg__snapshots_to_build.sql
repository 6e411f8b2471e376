-- One row per snapshot that this run builds features of, with the batch that it is built in. For everybody: a snapshot that is new or that a
-- changed day comes before. Other snapshots: for the customers who are not who they were.
with

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

reopened_snapshots as (

    select * from {{ ref('int_seg__reopened_snapshots') }}

),

known_customers as (

    select count(*) as customers from {{ ref('int_seg__known_customers') }}

),

changed_customers as (

    select count(*) as customers from {{ ref('int_seg__changed_customers') }}

),

wanted as (

    select
        snapshots.snapshot_date,
        reopened_snapshots.snapshot_date is not null as is_for_everyone,
        case when reopened_snapshots.snapshot_date is null then changed_customers.customers else known_customers.customers end as customers
    from snapshots
    cross join known_customers
    cross join changed_customers
    left join reopened_snapshots
        on snapshots.snapshot_date = reopened_snapshots.snapshot_date
    where reopened_snapshots.snapshot_date is not null or changed_customers.customers > 0

),

shared as (

    select
        snapshot_date,
        is_for_everyone,
        floor((sum(customers) over (
            partition by is_for_everyone order by snapshot_date rows between unbounded preceding and current row
        ) - 1) / cast({{ dbt_segmentation.seg_batch_rows() }} as {{ dbt_segmentation.seg_type('double') }})) as share
    from wanted

),

final as (

    select
        snapshot_date,
        is_for_everyone,
        -- from 1 on
        dense_rank() over (order by is_for_everyone, share) as batch,
        -- int_seg__feature_rows takes one batch after the other in hand
        true as is_in_hand
    from shared

)

select * from final
