-- One row per row of the erasure requests input: whether it is used, or why not.
{{ config(materialized='view') }}
with

erasure_requests as (

    select * from {{ ref('stg_seg__erasure_requests') }}

),

records as (

    select distinct
        source_system,
        source_record_id
    from {{ ref('stg_seg__customers') }}

),

judged as (

    select
        erasure_requests.*,
        {{ dbt_segmentation.seg_first_problem(
            dbt_segmentation.seg_unreadable_rules('erasure_requests', 'erasure_requests.')
            + [('records.source_record_id is null', 'unknown_customer', 'source_record_id', 'erasure_requests.source_record_id')]
        ) }}
    from erasure_requests
    left join records
        on
            erasure_requests.source_system = records.source_system
            and erasure_requests.source_record_id = records.source_record_id

),

final as (

    select
        *,
        case when rejection_reason is null then 'used' else 'rejected' end as row_status
    from judged

)

select * from final
