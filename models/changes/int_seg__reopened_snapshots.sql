-- One row per snapshot that this run builds for every customer: a new one, or one that a changed day comes before.
with

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

feature_build as (

    select * from {{ ref('int_seg__feature_build') }}

),

first_change as (

    select min(day) as day
    from {{ ref('int_seg__changed_days') }}

),

built_snapshots as (

    select day as snapshot_date
    from {{ dbt_segmentation.seg_built_days() }}
    where input = 'snapshot'

),

final as (

    select snapshots.snapshot_date
    from snapshots
    cross join feature_build
    cross join first_change
    left join built_snapshots
        on snapshots.snapshot_date = built_snapshots.snapshot_date
    where
        feature_build.is_rebuild
        or built_snapshots.snapshot_date is null
        -- what is counted since the beginning sees every earlier day
        or first_change.day <= snapshots.snapshot_date

)

select * from final
