-- One row per customer and stretch of time in one segment: valid_from is in it, valid_to is not.
with

segment_stretches as (

    select * from {{ ref('int_seg__segment_stretches') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

changes as (

    select
        customer_id,
        snapshot_date as valid_from,
        segment_key,
        model_version,
        lead(snapshot_date) over (partition by customer_id order by snapshot_date) as valid_to
    from segment_stretches
    where is_change

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
