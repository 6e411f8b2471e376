-- One row per snapshot and segment: customers then and at the snapshot before, and the change by its causes, in signed counts. Remembered
-- from when the snapshot is told, because what a refit or a merge of records changes can't be told apart later.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='snapshot_date',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    tags=['state'],
    post_hook="{% if not flags.EMPTY %}delete from {{ this }} where is_provisional and snapshot_date < (select r.as_of_date from {{ ref('int_seg__run') }} as r){% endif %}"
) }}
{%- set causes = dbt_segmentation.seg_share_causes() %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

memberships as (

    select memberships.* from {{ ref('int_seg__segment_memberships') }} as memberships
    -- months and weeks do not make one chain of moves
    where memberships.snapshot_period = '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}'

),

settled_scores as (

    select * from {{ ref('int_seg__settled_scores') }}

),

former_scores as (

    select * from {{ ref('int_seg__former_scores') }}

),

known_customers as (

    select * from {{ ref('int_seg__known_customers') }}

),

identity_history as (

    select * from {{ ref('int_seg__identity_history') }}

),

membership_losses as (

    select * from {{ ref('int_seg__membership_losses') }}

),

told_snapshots as (

    select
        memberships.snapshot_date,
        memberships.is_provisional,
        max(case when memberships.run_id = run.run_id then 1 else 0 end) as is_told_now
    from memberships
    cross join run
    where memberships.snapshot_date <= run.as_of_date
    group by memberships.snapshot_date, memberships.is_provisional

),

-- a provisional snapshot is never one before
pairs as (

    select
        told_snapshots.snapshot_date,
        told_snapshots.is_provisional,
        max(earlier.snapshot_date) as previous_snapshot_date
    from told_snapshots
    left join told_snapshots as earlier
        on
            told_snapshots.snapshot_date > earlier.snapshot_date
            and not earlier.is_provisional
    where told_snapshots.is_told_now = 1
    group by told_snapshots.snapshot_date, told_snapshots.is_provisional

),

before as (

    select
        pairs.snapshot_date,
        memberships.customer_id,
        memberships.segment_key as told_segment_key,
        -- what the same model would tell of that day now; where it is neither of the two, nobody knows
        coalesce(
            case
                when memberships.model_version = settled_scores.model_version
                    then {{ dbt_segmentation.seg_overridden('settled_scores.segment_key', 'settled_then') }}
                when memberships.model_version = former_scores.model_version
                    then {{ dbt_segmentation.seg_overridden('former_scores.segment_key', 'former_then') }}
            end,
            memberships.segment_key
        ) as retold_segment_key,
        -- by the model of now, with what people had decided by then, and by now
        {{ dbt_segmentation.seg_overridden('settled_scores.segment_key', 'settled_then') }} as refitted_segment_key,
        {{ dbt_segmentation.seg_overridden('settled_scores.segment_key', 'settled_now') }} as overridden_segment_key
    from pairs
    inner join memberships
        on pairs.previous_snapshot_date = memberships.snapshot_date
    left join settled_scores
        on
            memberships.customer_id = settled_scores.customer_id
            and memberships.snapshot_date = settled_scores.snapshot_date
    left join former_scores
        on
            memberships.customer_id = former_scores.customer_id
            and memberships.snapshot_date = former_scores.snapshot_date
    {{ dbt_segmentation.seg_override_joins('memberships.customer_id', 'settled_scores.segment_key', 'pairs.previous_snapshot_date', 'settled_then', 'was_usable') }}
    {{ dbt_segmentation.seg_override_joins('memberships.customer_id', 'former_scores.segment_key', 'pairs.previous_snapshot_date', 'former_then', 'was_usable') }}
    {{ dbt_segmentation.seg_override_joins('memberships.customer_id', 'settled_scores.segment_key', 'pairs.snapshot_date', 'settled_now') }}

),

now as (

    select
        pairs.snapshot_date,
        pairs.previous_snapshot_date,
        memberships.customer_id,
        memberships.segment_key
    from pairs
    inner join memberships
        on pairs.snapshot_date = memberships.snapshot_date

),

-- whoever has records that another customer_id had before
split_off as (

    select distinct customer_id
    from identity_history
    where former_customer_id is not null

),

paired as (

    select
        coalesce(now.snapshot_date, before.snapshot_date) as snapshot_date,
        before.told_segment_key,
        before.retold_segment_key,
        coalesce(before.refitted_segment_key, before.retold_segment_key) as refitted_segment_key,
        coalesce(before.overridden_segment_key, before.retold_segment_key) as overridden_segment_key,
        now.segment_key,
        case
            when before.customer_id is not null then null
            when now.previous_snapshot_date is null or known_customers.known_since > now.previous_snapshot_date then 'joiners'
            when split_off.customer_id is not null then 'identity_merges'
            -- known by a day before, and told only now: late rows, or a consent that was given since
            else 'late_data'
        end as cause_of_coming
    from now
    full outer join before
        on
            now.snapshot_date = before.snapshot_date
            and now.customer_id = before.customer_id
    left join known_customers
        on now.customer_id = known_customers.customer_id
    left join split_off
        on now.customer_id = split_off.customer_id

),

counted as (

    select
        *,
        count(*) as customers
    from paired
    group by snapshot_date, told_segment_key, retold_segment_key, refitted_segment_key, overridden_segment_key, segment_key, cause_of_coming

),

remaining as (

    select
        snapshot_date,
        told_segment_key as segment_key,
        sum(customers) as customers
    from counted
    where told_segment_key is not null
    group by snapshot_date, told_segment_key

),

remembered as (

    {% if dbt_segmentation.seg_is_incremental() -%}
    select
        snapshot_date,
        segment_key,
        customers
    from {{ this }}
    where
        snapshot_period = '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}'
        and snapshot_date not in (select pairs.snapshot_date from pairs)
    {%- else -%}
    select
        cast(null as date) as snapshot_date,
        cast(null as {{ dbt.type_string() }}) as segment_key,
        cast(null as {{ dbt.type_bigint() }}) as customers
    {%- endif %}

),

-- what was told at the time, before anybody was forgotten
told_then as (

    select
        pairs.snapshot_date,
        remembered.segment_key,
        remembered.customers
    from pairs
    inner join remembered
        on pairs.previous_snapshot_date = remembered.snapshot_date

),

-- the losses since that the ledger calls merges; the others left
merged as (

    select
        pairs.snapshot_date,
        membership_losses.segment_key,
        sum(membership_losses.customers) as customers
    from pairs
    inner join membership_losses
        on pairs.previous_snapshot_date = membership_losses.snapshot_date
    where
        membership_losses.cause = 'identity_merge'
        and membership_losses.snapshot_period = '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}'
    group by pairs.snapshot_date, membership_losses.segment_key

),

lost as (

    select
        told_then.snapshot_date,
        told_then.segment_key,
        told_then.customers - coalesce(remaining.customers, 0) as customers,
        least(coalesce(merged.customers, 0), told_then.customers - coalesce(remaining.customers, 0)) as merged_customers
    from told_then
    left join remaining
        on
            told_then.snapshot_date = remaining.snapshot_date
            and told_then.segment_key = remaining.segment_key
    left join merged
        on
            told_then.snapshot_date = merged.snapshot_date
            and told_then.segment_key = merged.segment_key

),

signed as (
    {% set both = 'told_segment_key is not null and segment_key is not null' %}
    {%- for cause, key, customers, origin, condition in [
        ('previous', 'told_segment_key', 'customers', 'counted', 'told_segment_key is not null'),
        ('previous', 'segment_key', 'customers', 'lost', 'customers <> 0'),
        ('leavers', 'segment_key', 'merged_customers - customers', 'lost', 'customers <> 0'),
        ('identity_merges', 'segment_key', '-merged_customers', 'lost', 'customers <> 0'),
        ('now', 'segment_key', 'customers', 'counted', 'segment_key is not null'),
        ('', 'segment_key', 'customers', 'counted', 'cause_of_coming is not null'),
        ('leavers', 'told_segment_key', '-customers', 'counted', 'segment_key is null'),
        ('late_data', 'told_segment_key', '-customers', 'counted', both ~ ' and told_segment_key <> retold_segment_key'),
        ('late_data', 'retold_segment_key', 'customers', 'counted', both ~ ' and told_segment_key <> retold_segment_key'),
        ('refit', 'retold_segment_key', '-customers', 'counted', both ~ ' and retold_segment_key <> refitted_segment_key'),
        ('refit', 'refitted_segment_key', 'customers', 'counted', both ~ ' and retold_segment_key <> refitted_segment_key'),
        ('overrides', 'refitted_segment_key', '-customers', 'counted', both ~ ' and refitted_segment_key <> overridden_segment_key'),
        ('overrides', 'overridden_segment_key', 'customers', 'counted', both ~ ' and refitted_segment_key <> overridden_segment_key'),
        ('movers', 'overridden_segment_key', '-customers', 'counted', both ~ ' and overridden_segment_key <> segment_key'),
        ('movers', 'segment_key', 'customers', 'counted', both ~ ' and overridden_segment_key <> segment_key'),
    ] %}
    select
        snapshot_date,
        {{ key ~ (' as segment_key' if key != 'segment_key' else '') }},
        {{ "'" ~ cause ~ "'" if cause else 'cause_of_coming' }} as cause,
        {{ customers ~ (' as customers' if customers != 'customers' else '') }}
    from {{ origin }}
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

summed as (

    select
        {%- for cause in ['now', 'previous'] + causes %}
        cast(coalesce(sum(case when cause = '{{ cause }}' then customers end), 0) as {{ dbt.type_bigint() }}) as {{ cause }}_customers,
        {%- endfor %}
        snapshot_date,
        segment_key
    from signed
    group by snapshot_date, segment_key

),

final as (

    select
        summed.snapshot_date,
        pairs.previous_snapshot_date,
        summed.segment_key,
        summed.now_customers as customers,
        summed.previous_customers,
        {%- for cause in causes %}
        summed.{{ cause }}_customers as {{ cause }},
        {%- endfor %}
        pairs.is_provisional,
        '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}' as snapshot_period,
        run.run_id
    from summed
    cross join run
    inner join pairs
        on summed.snapshot_date = pairs.snapshot_date

)

select * from final
