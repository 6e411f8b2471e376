-- One row per customer who may be profiled: pseudonym, demographics as known now, first and last order.
with

customers as (

    select * from {{ ref('int_seg__customers') }}

),

first_and_last as (

    select
        customer_id,
        min(order_day) as first_order_date,
        max(order_day) as last_order_date
    from {{ ref('int_seg__customer_days') }}
    group by customer_id

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        customers.customer_id,
        cast(coalesce(least(customers.created_date, first_and_last.first_order_date), customers.created_date, first_and_last.first_order_date) as date)
            as known_since,
        first_and_last.first_order_date,
        first_and_last.last_order_date,
        customers.customer_type,
        customers.gender,
        customers.age_band,
        customers.income_band,
        customers.marital_status,
        customers.household_size,
        customers.children_count,
        customers.occupation,
        customers.education,
        customers.language,
        customers.country_code,
        run.run_id,
        run.as_of_date
    from customers
    cross join run
    left join first_and_last
        on customers.customer_id = first_and_last.customer_id

)

select * from final
