-- One row per customer and snapshot: the segment as it was first told for the snapshot. Remembered: a refit does not rewrite the past.
{{ config(
    materialized='incremental',
    incremental_strategy=dbt_segmentation.seg_state_strategy('delete+insert'),
    partition_by=dbt_segmentation.seg_state_partitions('snapshot_date'),
    unique_key='snapshot_date',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    tags=['state'],
    post_hook=dbt_segmentation.seg_forget_memberships()
) }}
-- what a run forgets is counted before: depends_on: {{ ref('int_seg__membership_losses') }}, {{ ref('int_seg__former_model') }}
with

segment_scores as (

    select * from {{ ref('int_seg__decided_scores') }}
    where segment_key is not null

),

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        segment_scores.customer_id,
        segment_scores.snapshot_date,
        segment_scores.segment_key,
        segment_scores.second_segment_key,
        segment_scores.probability,
        segment_scores.margin,
        segment_scores.distance,
        segment_scores.is_borderline,
        segment_scores.is_outlier,
        segment_scores.model_version,
        snapshots.is_provisional,
        '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}' as snapshot_period,
        run.run_id
    from segment_scores
    inner join snapshots
        on segment_scores.snapshot_date = snapshots.snapshot_date
    cross join run
    {% if dbt_segmentation.seg_is_incremental() %}
    -- today's snapshot is told anew; an earlier one only if it was never told, or only provisionally
    where
        snapshots.is_as_of
        or segment_scores.snapshot_date not in (
            select told.snapshot_date from {{ this }} as told
            where
                not told.is_provisional
                and told.snapshot_period = '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}'
        )
    {% endif %}

)

{{ dbt_segmentation.seg_remembered_memberships('final') }}
