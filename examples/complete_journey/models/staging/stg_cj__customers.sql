-- One row per household with a purchase; demographics are known for a third of them.
with

households as (

    select distinct household_id from {{ ref('raw_cj__transactions') }}

),

demographics as (

    select * from {{ ref('raw_cj__demographics') }}

),

final as (

    select
        'loyalty_card' as source_system,
        cast(households.household_id as varchar) as source_record_id,
        'person' as customer_type,
        'US' as country_code,
        demographics.age as age_band,
        demographics.income as income_band,
        demographics.marital_status,
        -- '5+' people and '3+' children: the least that is true
        replace(demographics.household_size, '+', '') as household_size,
        replace(demographics.kids_count, '+', '') as children_count
    from households
    left join demographics
        on households.household_id = demographics.household_id

)

select * from final
