-- One row per record of the customers input that has a key: whether it is used, and what its audit looks at. A view.
-- Of contact data only whether it is there; of a record that is not used only what the comparison with the source needs.
{{ config(materialized='view') }}
{%- set compared = ['country_code', 'customer_type', 'gender'] %}
{%- set numbers = ['household_size', 'children_count', 'latitude', 'longitude'] %}
with

latest_customers as (

    select * from {{ ref('stg_seg__latest_customers') }}

),

customer_records as (

    select
        source_system,
        source_record_id,
        customer_id
    from {{ ref('int_seg__customer_records') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        case when customer_records.customer_id is null then 'withheld' else 'used' end as row_status,
        {%- for column in dbt_segmentation.seg_input_columns()['customers'] if column not in ('source_system', 'source_record_id') %}
        {%- if column in compared %}
        latest_customers.{{ column }},
        {%- elif column in numbers %}
        case when customer_records.customer_id is not null then latest_customers.{{ column }} end as {{ column }},
        {%- else %}
        case when customer_records.customer_id is not null and latest_customers.{{ column }} is not null then 1 end as {{ column }},
        {%- endif %}
        {%- endfor %}
        case
            when customer_records.customer_id is not null
                then {{ dbt.datediff('latest_customers.birth_date', 'run.as_of_date', 'year') }}
        end as age,
        case
            when customer_records.customer_id is not null
                then cast({{ dbt_segmentation.seg_local_time('coalesce(latest_customers.updated_at, latest_customers.created_at)') }} as date)
        end as changed_day
    from latest_customers
    cross join run
    left join customer_records
        on
            latest_customers.source_system = customer_records.source_system
            and latest_customers.source_record_id = customer_records.source_record_id

)

select * from final
