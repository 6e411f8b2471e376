-- One row per customer that may be profiled: identity and demographics as known now.
with

records as (

    select * from {{ ref('int_seg__customer_records') }}
    where row_status = 'used'

),

final as (

    select
        customer_id,
        cast({{ dbt_segmentation.seg_local_time('created_at') }} as date) as created_date,
        customer_type,
        age_band,
        gender,
        income_band,
        marital_status,
        household_size,
        children_count,
        occupation,
        education,
        language,
        country_code
    from records

)

select * from final
