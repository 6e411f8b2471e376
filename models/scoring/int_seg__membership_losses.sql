-- One row per run, snapshot, segment and cause: how many memberships the run forgets, and why. Remembered: afterwards nobody could tell.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    tags=['state']
) }}
with

told_memberships as (

    select told.* from {{ dbt_segmentation.seg_told_memberships() }} as told
    where not told.is_provisional
    {#- with --empty nobody is known, which is no reason to count everybody as lost -#}
    {{- ' and 1 = 0' if dbt_segmentation.seg_is_empty_run() }}

),

customers as (

    select * from {{ ref('int_seg__customers') }}

),

customer_aliases as (

    select * from {{ ref('int_seg__customer_aliases') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        told_memberships.snapshot_date,
        told_memberships.segment_key,
        told_memberships.snapshot_period,
        case when customer_aliases.customer_id is null then 'leaver' else 'identity_merge' end as cause,
        count(*) as customers,
        run.run_id,
        run.as_of_date
    from told_memberships
    cross join run
    left join customers
        on told_memberships.customer_id = customers.customer_id
    left join customer_aliases
        on told_memberships.customer_id = customer_aliases.former_customer_id
    where
        customers.customer_id is null
        -- the as-of date is told anew, without them
        and told_memberships.snapshot_date <> run.as_of_date
        -- an heir hands the past on
        and not coalesce(customer_aliases.is_heir, false)
    group by
        told_memberships.snapshot_date, told_memberships.segment_key, told_memberships.snapshot_period,
        case when customer_aliases.customer_id is null then 'leaver' else 'identity_merge' end,
        run.run_id, run.as_of_date

)

select * from final
