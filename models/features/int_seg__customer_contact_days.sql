-- One row per customer, day and day since which it is known: orders and visits by hour.
{%- set inputs = ['orders', 'events'] %}
{{ config(**dbt_segmentation.seg_kept(dbt_segmentation.seg_changed_rows('known_day', inputs), ['contextual'])) }}
with

orders as (

    select * from {{ ref('int_seg__orders') }}
    where {{ dbt_segmentation.seg_rows_to_build('order_day', inputs) }}

),

sessions as (

    select * from {{ ref('int_seg__sessions') }}
    where {{ dbt_segmentation.seg_rows_to_build('known_day', inputs) }}

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

final as (

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

)

select * from final
