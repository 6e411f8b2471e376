-- One row per customer: what the area is like where the customer lives, and how far its centre or your next place is, as known now.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['geographic'])) }}
with

customers as (

    select * from {{ ref('int_seg__customers') }}

),

customer_geography as (

    select * from {{ ref('int_seg__customer_geography') }}

),

final as (

    select
        customers.customer_id,
        customer_geography.density,
        customer_geography.distance_to_centre_km,
        customer_geography.median_income,
        customer_geography.mean_income,
        customer_geography.unemployment_rate,
        customer_geography.urban_class,
        customer_geography.region,
        customers.country_code,
        customers.income_band
    from customers
    left join customer_geography
        on customers.customer_id = customer_geography.customer_id

)

select * from final
