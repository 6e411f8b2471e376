-- One row per customer that may be profiled: the golden record, identity and demographics as known now.
{%- set texts = [
    'gender', 'occupation', 'education', 'marital_status', 'income_band', 'language', 'customer_type', 'company_size',
    'sector', 'postal_code', 'city_key', 'country_code'
] %}
with

customer_records as (

    select
        customer_id,
        min(created_at) as created_at,
        count(*) as record_count,
        count(distinct source_system) as source_system_count
    from {{ ref('int_seg__customer_records') }}
    group by customer_id

),

golden_values as (

    select * from {{ ref('int_seg__golden_values') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

pivoted as (

    select
        customer_id,
        {%- for attribute in texts %}
        max(case when attribute = '{{ attribute }}' then attribute_value end) as {{ attribute }},
        {%- endfor %}
        max(case when attribute = 'age_band' then attribute_value end) as given_age_band,
        cast(max(case when attribute = 'birth_date' then attribute_value end) as date) as birth_date,
        cast(max(case when attribute = 'household_size' then attribute_value end) as integer) as household_size,
        cast(max(case when attribute = 'children_count' then attribute_value end) as integer) as children_count,
        cast(max(case when attribute = 'latitude' then attribute_value end) as {{ dbt_segmentation.seg_type('double') }}) as latitude,
        cast(max(case when attribute = 'longitude' then attribute_value end) as {{ dbt_segmentation.seg_type('double') }}) as longitude
    from golden_values
    group by customer_id

),

final as (

    select
        customer_records.customer_id,
        cast({{ dbt_segmentation.seg_local_time('customer_records.created_at') }} as date) as created_date,
        customer_records.record_count,
        customer_records.source_system_count,
        {%- for attribute in texts %}
        pivoted.{{ attribute }},
        {%- endfor %}
        coalesce(pivoted.given_age_band, {{ dbt_segmentation.seg_age_band('pivoted.birth_date', 'run.as_of_date') }}) as age_band,
        pivoted.household_size,
        pivoted.children_count,
        pivoted.latitude,
        pivoted.longitude
    from customer_records
    cross join run
    left join pivoted
        on customer_records.customer_id = pivoted.customer_id

)

select * from final
