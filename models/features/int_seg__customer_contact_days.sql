-- One row per customer, day, day since which it is known and kind: orders and visits by part of the day. A view over partial tables.
{{ config(materialized='view', enabled=dbt_segmentation.seg_family_enabled(['contextual'])) }}
{%- set parts = dbt_segmentation.seg_parts_of_day('contact_hour').keys() | list %}
with

customer_days as (

    select * from {{ ref('int_seg__customer_days') }}

),

session_days as (

    select * from {{ ref('int_seg__customer_session_days') }}

),

final as (

    select
        customer_id,
        order_day as contact_day,
        order_day as known_day,
        'order' as kind,
        {%- for part in parts %}
        {{ part }}_contacts,
        {%- endfor %}
        orders as contacts
    from customer_days
    union all
    select
        customer_id,
        session_day as contact_day,
        known_day,
        'visit' as kind,
        {%- for part in parts %}
        {{ part }}_contacts,
        {%- endfor %}
        sessions as contacts
    from session_days

)

select * from final
