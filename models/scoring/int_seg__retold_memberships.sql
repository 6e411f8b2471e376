-- One row per run that tells a snapshot again, segment that it was told with, segment now, and cause: customers. Remembered: what was told is replaced.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    tags=['state']
) }}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

told_memberships as (

    select told.* from {{ dbt_segmentation.seg_told_memberships() }} as told
    cross join run
    where told.snapshot_date = run.as_of_date
    {#- with --empty nobody is known, which is no difference -#}
    {{- ' and 1 = 0' if flags.EMPTY }}

),

scores as (

    select * from {{ ref('int_seg__decided_scores') }}
    where
        segment_key is not null
        -- who is told for the first time is no difference
        and snapshot_date in (select told_memberships.snapshot_date from told_memberships)

),

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}

),

customers as (

    select * from {{ ref('int_seg__customers') }}

),

customer_aliases as (

    select * from {{ ref('int_seg__customer_aliases') }}

),

identity_history as (

    select * from {{ ref('int_seg__identity_history') }}

),

told as (

    select
        told_memberships.snapshot_date,
        -- an heir is told on under the new pseudonym
        case when customer_aliases.is_heir then customer_aliases.customer_id else told_memberships.customer_id end as customer_id,
        customer_aliases.customer_id as now_called,
        told_memberships.segment_key,
        told_memberships.model_version,
        told_memberships.model_segment_key,
        told_memberships.activity,
        told_memberships.run_id
    from told_memberships
    left join customer_aliases
        on told_memberships.customer_id = customer_aliases.former_customer_id

),

now_told as (

    select
        scores.snapshot_date,
        scores.customer_id,
        scores.segment_key,
        scores.model_segment_key,
        scores.assigned_by,
        scores.model_version,
        {{ dbt_segmentation.seg_activity('customer_features') }} as activity
    from scores
    inner join customer_features
        on
            scores.customer_id = customer_features.customer_id
            and scores.snapshot_date = customer_features.snapshot_date

),

-- whose records were somebody else's when the snapshot was told
changed_identities as (

    select now_called as customer_id
    from told
    where now_called is not null
    union
    select later.customer_id
    from identity_history as later
    inner join identity_history as earlier
        on
            later.record_key = earlier.record_key
            and later.generation > earlier.generation
            and later.customer_id <> earlier.customer_id
    -- a change of long before was told already
    where earlier.customer_id in (select told_memberships.customer_id from told_memberships)

),

told_once as (

    select
        max(snapshot_date) as snapshot_date,
        max(run_id) as told_run_id
    from told

),

compared as (

    select
        told.segment_key as from_segment_key,
        now_told.segment_key as to_segment_key,
        case
            when now_told.customer_id is null and told.now_called is not null then 'identity_merges'
            when now_told.customer_id is null and customers.customer_id is null then 'erasures'
            when now_told.customer_id is null then 'corrections'
            when told.customer_id is null and changed_identities.customer_id is not null then 'identity_merges'
            when told.customer_id is null then 'late_rows'
            when now_told.assigned_by <> 'model' or now_told.model_segment_key = told.model_segment_key then 'overrides'
            when now_told.model_version <> told.model_version then 'model'
            when changed_identities.customer_id is not null then 'identity_merges'
            when now_told.activity > told.activity then 'late_rows'
            else 'corrections'
        end as cause
    from told
    full outer join now_told
        on told.customer_id = now_told.customer_id
    left join customers
        on coalesce(now_told.customer_id, told.customer_id) = customers.customer_id
    left join changed_identities
        on coalesce(now_told.customer_id, told.customer_id) = changed_identities.customer_id
    where coalesce(told.segment_key, '') <> coalesce(now_told.segment_key, '')

),

final as (

    select
        told_once.snapshot_date,
        compared.from_segment_key,
        compared.to_segment_key,
        compared.cause,
        count(*) as customers,
        told_once.told_run_id,
        run.run_date as retold_on,
        run.run_id,
        run.as_of_date
    from compared
    cross join told_once
    cross join run
    group by
        told_once.snapshot_date, compared.from_segment_key, compared.to_segment_key, compared.cause,
        told_once.told_run_id, run.run_date, run.run_id, run.as_of_date

)

select * from final
