-- One row per run that told a snapshot again, level, segment before, segment after and cause: customers whom it told otherwise.
with

retold_memberships as (

    select * from {{ ref('int_seg__retold_memberships') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        retold_memberships.snapshot_date,
        -- remembered by a version that compared segments only
        coalesce(retold_memberships.level, 'segment') as level,
        retold_memberships.from_segment_key,
        retold_memberships.to_segment_key,
        retold_memberships.cause,
        retold_memberships.customers,
        retold_memberships.told_run_id,
        retold_memberships.run_id as retold_run_id,
        retold_memberships.retold_on,
        run.run_id,
        run.as_of_date
    from retold_memberships
    -- a day that has passed knows of none that follow
    inner join run
        on retold_memberships.snapshot_date <= run.as_of_date

)

select * from final
