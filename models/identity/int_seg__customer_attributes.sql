-- One row per fact about a customer from a third party that counts: of a customer who may be profiled, up to the as-of date.
{{ config(materialized='view') }}
with

checked_customer_attributes as (

    select * from {{ ref('int_seg__checked_customer_attributes') }}

),

final as (

    select
        customer_id,
        observed_day,
        observed_at,
        attribute,
        value,
        provider
    from checked_customer_attributes
    where row_status = 'used'

)

select * from final
