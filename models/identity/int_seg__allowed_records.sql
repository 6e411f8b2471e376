-- One row per source record of a person who may be profiled. A view: names and addresses are read here, and stored nowhere.
{{ config(materialized=dbt_segmentation.seg_unstored(), tags=['seg_unstored']) }}
with

latest_customers as (

    select * from {{ ref('stg_seg__latest_customers') }}

),

suppressed_records as (

    select * from {{ ref('int_seg__suppressed_records') }}

),

final as (

    select latest_customers.*
    from latest_customers
    left join suppressed_records
        on latest_customers.record_key = suppressed_records.record_key
    where suppressed_records.record_key is null

)

select * from final
