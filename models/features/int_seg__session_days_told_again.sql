-- One row per row of int_seg__customer_session_days whose day was known before to be one of use: it counts once. Few: only visits of which it
-- was told later whose they were.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['usage'])) }}
with

session_days as (

    select
        customer_id,
        session_day,
        known_day
    from {{ ref('int_seg__customer_session_days') }}
    where acts > 0 and {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

told_later as (

    select * from session_days
    where known_day > session_day

),

final as (

    select distinct
        told_later.customer_id,
        told_later.session_day,
        told_later.known_day
    from session_days
    inner join told_later
        on
            session_days.customer_id = told_later.customer_id
            and session_days.session_day = told_later.session_day
            and session_days.known_day < told_later.known_day

)

select * from final
