-- One row per customer: who the customer is, as known now, the same at every snapshot.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['demographic'])) }}
with

customers as (

    select * from {{ ref('int_seg__customers') }}

),

final as (

    select
        customer_id,
        household_size,
        children_count,
        case
            when children_count > 0 then 1
            when children_count = 0 then 0
        end as has_children,
        age_band,
        gender,
        language,
        occupation,
        education,
        marital_status
    from customers

)

select * from final
