-- One row per row of the customers input: which customer it belongs to, and whether it is used, rejected or withheld.
-- A view: rows of people who may not be profiled are judged and counted here, and stored nowhere.
{{ config(materialized='view') }}
{#- silence is consent only where there is no ledger and the user said granted for everybody #}
{%- set silence_is_consent = (
    not dbt_segmentation.seg_var('seg_consents_relation') and dbt_segmentation.seg_var('seg_default_consent') == 'granted'
) | string | lower %}
with

records as (

    select * from {{ ref('stg_seg__customers') }}

),

profiling as (

    select * from {{ ref('int_seg__consent_state') }}
    where purpose = 'profiling'

),

erased as (

    select distinct
        source_system,
        source_record_id
    from {{ ref('stg_seg__erasure_requests') }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by source_system, source_record_id
            order by
                updated_at desc nulls last, created_at desc nulls last, {{ dbt_segmentation.seg_tie_breaker('customers') }}
        ) as copy_number
    from records

),

judged as (

    select
        *,
        {{ dbt_segmentation.seg_first_problem([
            ('source_system is null', 'missing_source_system', 'source_system', none),
            ('source_record_id is null', 'missing_source_record_id', 'source_record_id', none),
            ('copy_number > 1', 'duplicate_key', 'source_record_id', 'source_record_id'),
        ]) }}
    from numbered

),

final as (

    select
        judged.*,
        {{ dbt_segmentation.seg_key(['judged.source_system', 'judged.source_record_id']) }} as customer_id,
        case
            when judged.source_record_id is null or judged.source_system is null then 'rejected'
            -- before any other reason: a rejected row is listed, and nothing of these people is
            when erased.source_record_id is not null then 'withheld'
            when not coalesce(profiling.is_granted, {{ silence_is_consent }}) then 'withheld'
            when judged.rejection_reason is not null then 'rejected'
            else 'used'
        end as row_status
    from judged
    left join profiling
        on
            judged.source_system = profiling.source_system
            and judged.source_record_id = profiling.source_record_id
    left join erased
        on
            judged.source_system = erased.source_system
            and judged.source_record_id = erased.source_record_id

)

select * from final
