-- One row per row of the consent statements input: whether it is used, or why not.
{{ config(materialized='view') }}
with

consents as (

    select * from {{ ref('stg_seg__consents') }}

),

records as (

    select distinct
        source_system,
        source_record_id
    from {{ ref('stg_seg__customers') }}

),

judged as (

    select
        consents.*,
        {{ dbt_segmentation.seg_first_problem(
            dbt_segmentation.seg_unreadable_rules('consents', 'consents.')
            + [('records.source_record_id is null', 'unknown_customer', 'source_record_id', 'consents.source_record_id')]
        ) }}
    from consents
    left join records
        on
            consents.source_system = records.source_system
            and consents.source_record_id = records.source_record_id

),

final as (

    select
        *,
        case when rejection_reason is null then 'used' else 'rejected' end as row_status
    from judged

)

select * from final
