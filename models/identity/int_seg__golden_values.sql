-- One row per customer and attribute: the value that counts, and the record that it comes from.
{#- attributes that only make sense together come from one record #}
{%- set bundles = {
    'birth': ['birth_date', 'age_band'],
    'location': ['postal_code', 'city_key', 'country_code'],
    'coordinates': ['latitude', 'longitude'],
    'gender': ['gender'], 'occupation': ['occupation'], 'education': ['education'],
    'marital_status': ['marital_status'], 'household_size': ['household_size'], 'children_count': ['children_count'],
    'income_band': ['income_band'], 'language': ['language'], 'customer_type': ['customer_type'],
    'company_size': ['company_size'], 'sector': ['sector'],
} %}
{%- set priorities = dbt_segmentation.seg_var('seg_source_priority') %}
with

allowed_records as (

    select * from {{ ref('int_seg__allowed_records') }}

),

customer_records as (

    select * from {{ ref('int_seg__customer_records') }}

),

records as (

    select
        allowed_records.*,
        customer_records.customer_id,
        customer_records.record_count,
        {% if priorities -%}
        case allowed_records.source_system
            {%- for system in priorities %}
            when {{ dbt.string_literal(dbt.escape_single_quotes(system | string | lower)) }} then {{ loop.index }}
            {%- endfor %}
            else {{ priorities | length + 1 }}
        end
        {%- else -%}
        1
        {%- endif %} as source_priority
    from allowed_records
    inner join customer_records
        on allowed_records.record_key = customer_records.record_key

),

candidates as (
    {% for bundle, columns in bundles.items() %}
    {%- for column in columns %}
    select
        customer_id,
        '{{ bundle }}' as bundle,
        '{{ column }}' as attribute,
        cast({{ column }} as {{ dbt.type_string() }}) as attribute_value,
        record_key,
        source_system,
        source_priority,
        record_count,
        updated_at,
        created_at
    from records
    where {% for part in columns %}{{ part }} is not null{{ ' or ' if not loop.last }}{% endfor %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

ranked as (

    select
        *,
        row_number() over (
            partition by customer_id, attribute
            order by source_priority asc, coalesce(updated_at, created_at) desc nulls last, record_key asc
        ) as preference,
        count(*) over (partition by customer_id, attribute) as candidate_count,
        count(*) over (partition by customer_id, attribute, source_priority) as candidates_of_priority
    from candidates

),

final as (

    select
        customer_id,
        attribute,
        attribute_value,
        record_key,
        source_system,
        case
            when candidate_count = 1 then 'only_value'
            when candidates_of_priority = 1 then 'source_priority'
            else 'freshness'
        end as chosen_by
    from ranked
    where preference = 1 and attribute_value is not null

)

select * from final
