-- One row per support ticket that counts: of a customer who may be profiled, up to the as-of date.
{{ config(materialized='view') }}
with

checked_support_tickets as (

    select * from {{ ref('int_seg__checked_support_tickets') }}

),

final as (

    select
        ticket_id,
        customer_id,
        opened_day,
        closed_day,
        opened_at,
        closed_at,
        topic,
        satisfaction
    from checked_support_tickets
    where row_status = 'used'

)

select * from final
