-- One row per customer and stretch of time in one segment: valid_from is in it, valid_to is not.
with

segment_snapshots as (

    select * from {{ ref('int_seg__segment_snapshots') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

marked as (

    select
        customer_id,
        snapshot_date,
        segment_key,
        model_version,
        case
            when lag(segment_key) over (partition by customer_id order by snapshot_date) = segment_key then 0
            else 1
        end as is_change
    from segment_snapshots

),

changes as (

    select
        customer_id,
        snapshot_date as valid_from,
        segment_key,
        model_version,
        lead(snapshot_date) over (partition by customer_id order by snapshot_date) as valid_to
    from marked
    where is_change = 1

),

final as (

    select
        changes.customer_id,
        changes.valid_from,
        changes.valid_to,
        changes.segment_key,
        changes.valid_to is null as is_current,
        changes.model_version,
        run.run_id,
        run.as_of_date
    from changes
    cross join run

)

select * from final
