-- One row per customer that may be profiled and was known on seg_known_on: since when they are known.
{%- set known_on = dbt_segmentation.seg_var('seg_known_on') %}
{#- at parsing too, so that dbt knows of the dependencies #}
{%- set is_cut = known_on or not execute %}
with

customers as (

    select * from {{ ref('int_seg__customers') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

first_orders as (

    select
        customer_id,
        min(order_day) as first_order_date
    from {{ ref('int_seg__customer_days') }}
    group by customer_id

),

first_visits as (

    select
        customer_id,
        min(known_day) as first_visit_date
    from {{ ref('int_seg__events') }}
    group by customer_id

),

{% if is_cut -%}
first_arrivals as (

    select
        customer_records.customer_id,
        -- a record without a time of arrival was always there
        min(coalesce(cast({{ dbt_segmentation.seg_local_time('records.loaded_at') }} as date), cast('1900-01-01' as date))) as arrived_on
    from {{ ref('int_seg__customer_records') }} as customer_records
    inner join {{ ref('stg_seg__customers') }} as records
        on
            customer_records.source_system = records.source_system
            and customer_records.source_record_id = records.source_record_id
    group by customer_records.customer_id

),

{% endif -%}
dated as (

    select
        customers.customer_id,
        run.as_of_date,
        -- a customer with neither order nor date of creation is known since the first event that was told to be theirs
        coalesce(
            least(customers.created_date, first_orders.first_order_date),
            customers.created_date,
            first_orders.first_order_date,
            first_visits.first_visit_date
        ) as first_date
    from customers
    cross join run
    left join first_orders
        on customers.customer_id = first_orders.customer_id
    left join first_visits
        on customers.customer_id = first_visits.customer_id
    {%- if is_cut %}
    inner join first_arrivals
        on
            customers.customer_id = first_arrivals.customer_id
            and first_arrivals.arrived_on <= cast('{{ known_on }}' as date)
    {%- endif %}

),

final as (

    select
        customer_id,
        -- nothing says since when: they are known only now, whenever that is
        coalesce(first_date, as_of_date) as known_since,
        first_date is not null as is_dated
    from dated

)

select * from final
