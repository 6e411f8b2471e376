-- One row per customer: hashes of the records that are theirs, and of what is known of them now.
with

customer_records as (

    select
        customer_id,
        record_key
    from {{ ref('int_seg__customer_records') }}

),

customers as (

    select * from {{ ref('int_seg__customers') }}

),

geography as (

    select * from {{ ref('int_seg__customer_geography') }}

),

-- what messages may tell depends on it, those of long ago too
measured as (

    select
        customer_id,
        purpose,
        is_granted
    from {{ ref('int_seg__customer_consents') }}
    where purpose = 'analytics'

),

identities as (

    select
        customer_id,
        {{ dbt_segmentation.seg_hash_total('customer_records') }} as identity_hash
    from customer_records
    group by customer_id

),

known as (
    {% for source in ['customers', 'geography', 'measured'] %}
    select
        customer_id,
        {{ dbt_segmentation.seg_hash_total(source) }} as record_hash
    from {{ source }}
    group by customer_id
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

summed as (

    select
        customer_id,
        sum(record_hash) as record_hash
    from known
    group by customer_id

),

final as (

    select
        customers.customer_id,
        cast(coalesce(identities.identity_hash, 0) as decimal(38, 0)) as identity_hash,
        cast(summed.record_hash as decimal(38, 0)) as record_hash
    from customers
    inner join summed
        on customers.customer_id = summed.customer_id
    left join identities
        on customers.customer_id = identities.customer_id

)

select * from final
