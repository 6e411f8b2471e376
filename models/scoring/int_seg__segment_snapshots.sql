-- One row per customer and snapshot that counts today: final snapshots up to the as-of date, and the as-of date itself.
with

memberships as (

    select * from {{ ref('int_seg__segment_memberships') }}

),

customers as (

    select * from {{ ref('int_seg__customers') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        memberships.customer_id,
        memberships.snapshot_date,
        memberships.segment_key,
        memberships.sub_segment_key,
        memberships.micro_segment_key,
        memberships.second_segment_key,
        memberships.probability,
        memberships.margin,
        memberships.distance,
        memberships.is_borderline,
        memberships.is_outlier,
        memberships.model_version,
        memberships.snapshot_date = run.as_of_date as is_as_of
    from memberships
    -- who has withdrawn consent or was erased since is not told about any more
    inner join customers
        on memberships.customer_id = customers.customer_id
    cross join run
    where
        memberships.snapshot_date = run.as_of_date
        or (
            memberships.snapshot_date < run.as_of_date
            and not memberships.is_provisional
            -- months and weeks do not make one chain of moves
            and memberships.snapshot_period = '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}'
        )

)

select * from final
