-- One row per customer: whether it is a company, of what size and sector, as known now, the same at every snapshot.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['organisation'])) }}
with

customers as (

    select * from {{ ref('int_seg__customers') }}

),

final as (

    select
        customer_id,
        case customer_type
            when 'company' then 1
            when 'person' then 0
        end as is_company,
        company_size,
        sector
    from customers

)

select * from final
