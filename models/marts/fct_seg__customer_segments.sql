-- One row per customer: today's segment, how sure it is, and the segment that comes second.
with

segment_snapshots as (

    select * from {{ ref('int_seg__segment_snapshots') }}
    where is_as_of

),

run as (

    select * from {{ ref('int_seg__run') }}

),

decided_scores as (

    select
        customer_id,
        snapshot_date,
        assigned_by
    from {{ ref('int_seg__decided_scores') }}

),

final as (

    select
        segment_snapshots.customer_id,
        segment_snapshots.snapshot_date,
        segment_snapshots.segment_key,
        segment_snapshots.sub_segment_key,
        segment_snapshots.micro_segment_key,
        segment_snapshots.second_segment_key,
        segment_snapshots.probability,
        segment_snapshots.margin,
        segment_snapshots.distance,
        segment_snapshots.is_borderline,
        segment_snapshots.is_outlier,
        decided_scores.assigned_by,
        segment_snapshots.model_version,
        run.run_id,
        run.as_of_date
    from segment_snapshots
    cross join run
    inner join decided_scores
        on
            segment_snapshots.customer_id = decided_scores.customer_id
            and segment_snapshots.snapshot_date = decided_scores.snapshot_date

)

select * from final
