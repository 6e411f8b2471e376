-- One row per customer that features are built of now. Written last: what fails before is built again.
-- depends_on: {{ ref('int_seg__feature_rows') }}
-- depends_on: {% if dbt_segmentation.seg_family_enabled(['rfm']) %}{{ ref('int_seg__rfm_scores') }}{% endif %}
with

customer_digests as (

    select * from {{ ref('int_seg__customer_digests') }}

),

known_customers as (

    select * from {{ ref('int_seg__known_customers') }}

),

final as (

    select
        customer_digests.customer_id,
        customer_digests.identity_hash,
        customer_digests.record_hash,
        known_customers.known_since
    from customer_digests
    inner join known_customers
        on customer_digests.customer_id = known_customers.customer_id

)

select * from final
