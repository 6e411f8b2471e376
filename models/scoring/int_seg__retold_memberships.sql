-- One row per run that tells a snapshot again, level, segment that it was told with, segment now, and cause: customers. Remembered: what was told is
-- replaced.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    on_schema_change='append_new_columns',
    tags=['state']
) }}
-- Levels are generated from parameter rows, in the layout of the template:
-- noqa: disable=LT02,ST03
-- depends_on: {{ ref('ml_seg__model_parameters') }}, {{ ref('int_seg__current_model') }}
{%- set levels = {'segment': 'segment_key', 'sub_segment': 'sub_segment_key', 'micro_segment': 'micro_segment_key'} %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

told_memberships as (

    select told.* from {{ dbt_segmentation.seg_told_memberships() }} as told
    cross join run
    where told.snapshot_date = run.as_of_date
    {#- with --empty nobody is known, which is no difference -#}
    {{- ' and 1 = 0' if dbt_segmentation.seg_is_empty_run() }}

),

to_tell as (

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

customer_consents as (

    select * from {{ ref('int_seg__customer_consents') }}
    where purpose = 'profiling' and is_granted

),

preprocessed as (

    select * from {{ ref('int_seg__preprocessed_features') }}

),

{{ dbt_segmentation.seg_level_steps(dbt_segmentation.seg_model()) }},

told as (

    select
        told_memberships.snapshot_date,
        -- an heir is told on under the new pseudonym
        case when customer_aliases.is_heir then customer_aliases.customer_id else told_memberships.customer_id end as customer_id,
        customer_aliases.customer_id as now_called,
        told_memberships.segment_key,
        told_memberships.sub_segment_key,
        told_memberships.micro_segment_key,
        -- of parts too it is the segment before merges: what the model said, unless people had said otherwise
        {{ dbt_segmentation.seg_split_part('told_memberships.sub_segment_key', "'.'", 1) }} as own_segment_key,
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
        to_tell.snapshot_date,
        to_tell.customer_id,
        to_tell.segment_key,
        levelled.sub_segment_key,
        levelled.micro_segment_key,
        to_tell.model_segment_key,
        to_tell.assigned_by,
        to_tell.model_version,
        {{ dbt_segmentation.seg_activity('customer_features') }} as activity
    from to_tell
    inner join levelled
        on
            to_tell.customer_id = levelled.customer_id
            and to_tell.snapshot_date = levelled.snapshot_date
    inner join customer_features
        on
            to_tell.customer_id = customer_features.customer_id
            and to_tell.snapshot_date = customer_features.snapshot_date

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
        {%- for key in levels.values() %}
        told.{{ key }} as from_{{ key }},
        now_told.{{ key }} as to_{{ key }},
        {%- endfor %}
        -- somebody was told then, but not yet at every level
        told.segment_key is not null and told.sub_segment_key is null as is_levelless,
        now_told.assigned_by,
        told.own_segment_key <> told.model_segment_key as was_pinned,
        now_told.model_segment_key = told.model_segment_key as is_same_by_model,
        case
            when now_told.customer_id is null and told.now_called is not null then 'identity_merges'
            when now_told.customer_id is null and customers.customer_id is null then 'erasures'
            when now_told.customer_id is null then 'corrections'
            when told.customer_id is null and changed_identities.customer_id is not null then 'identity_merges'
            when told.customer_id is null and customer_consents.recorded_date > now_told.snapshot_date then 'consents'
            when told.customer_id is null then 'late_rows'
        end as cause_of_coming_or_going,
        case
            when now_told.model_version <> told.model_version then 'model'
            when changed_identities.customer_id is not null then 'identity_merges'
            when now_told.activity > told.activity then 'late_rows'
            else 'corrections'
        end as cause_of_change
    from told
    full outer join now_told
        on told.customer_id = now_told.customer_id
    left join customers
        on coalesce(now_told.customer_id, told.customer_id) = customers.customer_id
    left join changed_identities
        on coalesce(now_told.customer_id, told.customer_id) = changed_identities.customer_id
    left join customer_consents
        on now_told.customer_id = customer_consents.customer_id

),

levels as (
    {% for level in levels %}
    select '{{ level }}' as level
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

-- all levels in one look: an engine that plans a step as often as it is read, as Spark does, would score everybody once a level
at_each_level as (

    select
        levels.level,
        {%- for side in ['from', 'to'] %}
        case levels.level
            {%- for level, key in levels.items() %}
            when '{{ level }}' then compared.{{ side }}_{{ key }}
            {%- endfor %}
        end as {{ side }}_segment_key,
        {%- endfor %}
        coalesce(
            compared.cause_of_coming_or_going,
            case
                when levels.level = 'segment' and (compared.assigned_by <> 'model' or compared.is_same_by_model) then 'overrides'
                when levels.level <> 'segment' and (compared.assigned_by = 'pin' or compared.was_pinned) then 'overrides'
            end,
            compared.cause_of_change
        ) as cause
    from compared
    cross join levels
    where levels.level = 'segment' or not compared.is_levelless

),

differing as (

    select * from at_each_level
    where coalesce(from_segment_key, '') <> coalesce(to_segment_key, '')

),

final as (

    select
        told_once.snapshot_date,
        differing.level,
        differing.from_segment_key,
        differing.to_segment_key,
        differing.cause,
        count(*) as customers,
        told_once.told_run_id,
        run.run_date as retold_on,
        run.run_id,
        run.as_of_date
    from differing
    cross join told_once
    cross join run
    group by
        told_once.snapshot_date, differing.level, differing.from_segment_key, differing.to_segment_key, differing.cause,
        told_once.told_run_id, run.run_date, run.run_id, run.as_of_date

)

select * from final
