-- One row per customer and snapshot: the segment as it was first told for the snapshot. Remembered: a refit does not rewrite the past.
{{ config(
    materialized='incremental',
    incremental_strategy=dbt_segmentation.seg_state_strategy('delete+insert'),
    partition_by=dbt_segmentation.seg_state_partitions('snapshot_date'),
    unique_key='snapshot_date',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    on_schema_change='append_new_columns',
    tags=['state'],
    post_hook=dbt_segmentation.seg_forget_memberships()
) }}
-- Levels are generated from parameter rows, in the layout of the template:
-- noqa: disable=LT02,ST03
-- depends_on: {{ ref('ml_seg__model_parameters') }}, {{ ref('int_seg__current_model') }}
-- what a run forgets is counted before: depends_on: {{ ref('int_seg__membership_losses') }}, {{ ref('int_seg__former_model') }}, {{ ref('int_seg__retold_memberships') }}
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

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}

),

to_tell as (

    select
        segment_scores.*,
        snapshots.is_provisional
    from segment_scores
    inner join snapshots
        on segment_scores.snapshot_date = snapshots.snapshot_date
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

),

preprocessed as (

    select * from {{ ref('int_seg__preprocessed_features') }}

),

{{ dbt_segmentation.seg_level_steps(dbt_segmentation.seg_model()) }},

final as (

    select
        to_tell.customer_id,
        to_tell.snapshot_date,
        to_tell.segment_key,
        levelled.sub_segment_key,
        levelled.micro_segment_key,
        to_tell.second_segment_key,
        to_tell.probability,
        to_tell.margin,
        to_tell.distance,
        to_tell.is_borderline,
        to_tell.is_outlier,
        to_tell.model_version,
        to_tell.model_segment_key,
        {{ dbt_segmentation.seg_activity('customer_features') }} as activity,
        to_tell.is_provisional,
        '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}' as snapshot_period,
        run.run_id
    from to_tell
    inner join levelled
        on
            to_tell.customer_id = levelled.customer_id
            and to_tell.snapshot_date = levelled.snapshot_date
    inner join customer_features
        on
            to_tell.customer_id = customer_features.customer_id
            and to_tell.snapshot_date = customer_features.snapshot_date
    cross join run

)

{{ dbt_segmentation.seg_remembered_memberships('final') }}
