-- One row per customer, day and day since which it is known: orders and visits by hour, and what kind of day it was where the customer lives.
-- A view: the calendar and where somebody lives are as known now.
{{ config(materialized='view', enabled=dbt_segmentation.seg_family_enabled(['contextual'])) }}
with

contact_days as (

    select * from {{ ref('int_seg__customer_contact_days') }}

),

customer_geography as (

    select * from {{ ref('int_seg__customer_geography') }}

),

calendar as (

    select * from {{ ref('int_seg__calendar') }}

),

final as (

    select
        contact_days.*,
        {{ dbt_segmentation.seg_iso_weekday('contact_days.contact_day') }} as iso_weekday,
        calendar.season,
        calendar.is_public_holiday,
        calendar.is_school_holiday,
        -- a calendar without any event of the day says that there was none
        case when calendar.day is not null then calendar.local_event is not null end as has_local_event,
        calendar.weather
    from contact_days
    left join customer_geography
        on contact_days.customer_id = customer_geography.customer_id
    left join calendar
        on
            contact_days.contact_day = calendar.day
            and customer_geography.calendar_zone = calendar.zone

)

select * from final
