-- One row per customer whose records, or what is known of them, are not what features were built of: new, merged, split, mended or gone.
with

customer_digests as (

    select * from {{ ref('int_seg__customer_digests') }}

),

built_customers as (

    select * from {{ dbt_segmentation.seg_built_customers() }}

),

feature_build as (

    select * from {{ ref('int_seg__feature_build') }}

),

final as (

    select
        coalesce(customer_digests.customer_id, built_customers.customer_id) as customer_id,
        built_customers.known_since as built_known_since,
        coalesce(customer_digests.identity_hash <> built_customers.identity_hash, true) as is_another_group
    from customer_digests
    full outer join built_customers
        on customer_digests.customer_id = built_customers.customer_id
    cross join feature_build
    where
        -- a rebuild asks for nobody in particular
        not feature_build.is_rebuild
        and (
            built_customers.customer_id is null
            or customer_digests.customer_id is null
            or customer_digests.identity_hash <> built_customers.identity_hash
            or customer_digests.record_hash <> built_customers.record_hash
        )

)

select * from final
