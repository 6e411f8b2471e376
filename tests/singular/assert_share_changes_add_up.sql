-- Fails for a snapshot and segment whose change is not the sum of its causes, to the last customer and to the last digit of the share; that does
-- not start from what was told of the snapshot before; that does not end in the customers who are told of it, and those forgotten since; or that has no row.
{%- set causes = dbt_segmentation.seg_share_causes() %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

share_drift as (

    select
        *,
        {{ causes | join(' + ') }} as explained,
        {% for cause in causes %}share_change_by_{{ cause }}{{ ' + ' if not loop.last }}{% endfor %} as explained_share
    from {{ ref('fct_seg__segment_share_drift') }}

),

share_changes as (

    select * from {{ ref('int_seg__share_changes') }}
    where snapshot_period = '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}'

),

-- a selection of models may tell of a run that the marts don't know yet
written_by as (

    select max(run_id) as run_id
    from share_drift

),

told_by_this_run as (

    select distinct memberships.snapshot_date
    from {{ ref('int_seg__segment_memberships') }} as memberships
    inner join run
        on memberships.run_id = run.run_id

),

members as (

    select
        snapshot_date,
        segment_key,
        count(*) as customers
    from {{ ref('int_seg__segment_snapshots') }}
    group by snapshot_date, segment_key

),

first_members as (

    select min(snapshot_date) as snapshot_date
    from members

),

pairs as (

    select distinct
        share_changes.snapshot_date,
        share_changes.previous_snapshot_date,
        share_changes.run_id
    from share_changes
    cross join run
    where
        share_changes.snapshot_date = run.as_of_date
        or (share_changes.snapshot_date < run.as_of_date and not share_changes.is_provisional)

),

-- the last pair, and those of one run: a snapshot that was told anew has another figure than the one that a later one started from
starts as (

    select
        pairs.snapshot_date,
        told_before.segment_key,
        told_before.customers
    from pairs
    cross join run
    inner join share_changes as told_before
        on pairs.previous_snapshot_date = told_before.snapshot_date
    where pairs.snapshot_date = run.as_of_date or pairs.run_id = told_before.run_id

),

started as (

    select distinct snapshot_date
    from starts

),

ends as (

    select members.*
    from members
    cross join first_members
    left join pairs
        on members.snapshot_date = pairs.snapshot_date
    left join told_by_this_run
        on members.snapshot_date = told_by_this_run.snapshot_date
    -- the first one has none before it; what this run tells must be split, though what a killed build told may not be
    where
        pairs.previous_snapshot_date is not null
        or (
            pairs.snapshot_date is null
            and told_by_this_run.snapshot_date is not null
            and members.snapshot_date > first_members.snapshot_date
        )

),

compared as (

    select
        snapshot_date,
        segment_key,
        1 as told_rows,
        customers,
        previous_customers,
        explained,
        abs(share_change - explained_share) as unexplained_share,
        0 as told_before,
        0 as members,
        0 as forgotten
    from share_drift
    union all
    select
        snapshot_date,
        segment_key,
        0 as told_rows,
        0 as customers,
        0 as previous_customers,
        0 as explained,
        0 as unexplained_share,
        customers as told_before,
        0 as members,
        0 as forgotten
    from starts
    union all
    select
        snapshot_date,
        segment_key,
        0 as told_rows,
        0 as customers,
        0 as previous_customers,
        0 as explained,
        0 as unexplained_share,
        0 as told_before,
        customers as members,
        0 as forgotten
    from ends
    union all
    select
        snapshot_date,
        segment_key,
        0 as told_rows,
        0 as customers,
        0 as previous_customers,
        0 as explained,
        0 as unexplained_share,
        0 as told_before,
        0 as members,
        customers as forgotten
    from {{ ref('int_seg__membership_losses') }}
    where snapshot_period = '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}'

),

summed as (

    select
        snapshot_date,
        segment_key,
        sum(told_rows) as told_rows,
        sum(customers) as customers,
        sum(previous_customers) as previous_customers,
        sum(explained) as explained,
        sum(unexplained_share) as unexplained_share,
        sum(told_before) as told_before,
        sum(members) as members,
        sum(forgotten) as forgotten
    from compared
    group by snapshot_date, segment_key

)

select summed.*
from summed
cross join run
cross join written_by
left join started
    on summed.snapshot_date = started.snapshot_date
where
    coalesce(written_by.run_id, run.run_id) = run.run_id
    and (
        (summed.told_rows = 0 and (summed.told_before > 0 or summed.members > 0))
        or summed.customers - summed.previous_customers <> summed.explained
        or summed.unexplained_share > 1e-12
        or (started.snapshot_date is not null and summed.previous_customers <> summed.told_before)
        or summed.customers < summed.members
        -- the as-of date is told anew, without whom it has lost
        or (
            summed.told_rows > 0
            and summed.customers > summed.members + case when summed.snapshot_date = run.as_of_date then 0 else summed.forgotten end
        )
    )
