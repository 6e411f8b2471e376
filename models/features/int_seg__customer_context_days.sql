-- One row per customer, day and day since which it is known: orders and visits by hour, and what kind of day it was where the customer lives.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['contextual'])) }}
with

orders as (

    select * from {{ ref('int_seg__orders') }}

),

sessions as (

    select * from {{ ref('int_seg__sessions') }}

),

customer_geography as (

    select * from {{ ref('int_seg__customer_geography') }}

),

calendar as (

    select * from {{ ref('int_seg__calendar') }}

),

contacts as (

    select
        customer_id,
        order_day as contact_day,
        order_day as known_day,
        extract(hour from ordered_local) as contact_hour
    from orders
    union all
    select
        customer_id,
        session_day as contact_day,
        known_day,
        extract(hour from started_local) as contact_hour
    from sessions

),

summed as (

    select
        customer_id,
        contact_day,
        known_day,
        count(*) as contacts,
        count(case when contact_hour >= 22 or contact_hour < 6 then 1 end) as night_contacts,
        count(case when contact_hour >= 6 and contact_hour < 12 then 1 end) as morning_contacts,
        count(case when contact_hour >= 12 and contact_hour < 18 then 1 end) as afternoon_contacts,
        count(case when contact_hour >= 18 and contact_hour < 22 then 1 end) as evening_contacts
    from contacts
    group by customer_id, contact_day, known_day

),

final as (

    select
        summed.*,
        {{ dbt_segmentation.seg_iso_weekday('summed.contact_day') }} as iso_weekday,
        calendar.season,
        calendar.is_public_holiday,
        calendar.is_school_holiday,
        -- a calendar without any event of the day says that there was none
        case when calendar.day is not null then calendar.local_event is not null end as has_local_event,
        calendar.weather
    from summed
    left join customer_geography
        on summed.customer_id = customer_geography.customer_id
    left join calendar
        on
            summed.contact_day = calendar.day
            and customer_geography.calendar_zone = calendar.zone

)

select * from final
