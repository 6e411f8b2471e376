-- One row per source record of a person who may not be profiled: its keyed pseudonym, and nothing else.
{{ config(materialized='table' if dbt_segmentation.seg_has_exact_identity() else 'view') }}
with

{% if not dbt_segmentation.seg_has_exact_identity() -%}
final as (

    select record_key
    from {{ ref('ml_seg__suppressed_records') }}

)
{%- else -%}
latest_customers as (

    select * from {{ ref('stg_seg__latest_customers') }}

),

-- the latest statement counts, of statements at one time the most restrictive; a refusal without a time beats everything
said as (

    select
        record_key,
        max(case when not coalesce(is_granted, false) and recorded_at is null then 1 else 0 end) as refused_undated,
        max(case when not coalesce(is_granted, false) then recorded_at end) as refused_at,
        max(case when is_granted then recorded_at end) as granted_at
    from {{ ref('stg_seg__profiling_statements') }}
    group by record_key

),

erased as (

    select distinct record_key
    from {{ ref('stg_seg__erased_records') }}

),

{{ dbt_segmentation.seg_exact_groups('latest_customers') }},

-- what any of the records said, for each part that was not held back; a held-back group is as many parts as records
people as (

    select
        exact_groups.record_key,
        exact_groups.whole,
        case when erased.record_key is not null then 1 else 0 end as is_erased,
        {%- for column in ['refused_undated', 'refused_at', 'granted_at'] %}
        max(said.{{ column }}) over (
            partition by case when exact_groups.held_reason is null then exact_groups.whole else exact_groups.record_key end
        ) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from exact_groups
    left join said
        on exact_groups.record_key = said.record_key
    left join erased
        on exact_groups.record_key = erased.record_key
    where exact_groups.rule = 'own'

),

-- a grant never reaches from one part to another; a refusal or an erasure of one part takes them all
judged as (

    select
        record_key,
        coalesce(refused_undated, 0) = 0 and refused_at is null and granted_at is null as is_silent,
        max(
            case when refused_undated = 1 or refused_at >= coalesce(granted_at, refused_at) or is_erased = 1 then 1 else 0 end
        ) over (partition by whole) as goes
    from people

),

final as (

    select record_key
    from judged
    where goes = 1{{ ' or is_silent' if not dbt_segmentation.seg_silence_is_consent() }}
    union
    select record_key
    from erased
    where record_key is not null
    union
    -- refusals of records that are not there
    select said.record_key
    from said
    left join latest_customers
        on said.record_key = latest_customers.record_key
    where
        latest_customers.record_key is null
        and said.record_key is not null
        and (said.refused_undated = 1 or said.refused_at >= coalesce(said.granted_at, said.refused_at))

)
{%- endif %}

select * from final
