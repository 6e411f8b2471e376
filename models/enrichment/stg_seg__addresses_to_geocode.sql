-- One row per allowed record with an address and without coordinates: what a geocoder of yours would be asked.
-- It stays nowhere. Names are not in it: an address is found without them.
{{ config(materialized=dbt_segmentation.seg_unstored(), tags=['seg_unstored']) }}
with

records as (

    select * from {{ ref('stg_seg__customers') }}

),

allowed as (

    select * from {{ ref('int_seg__customer_records') }}

),

final as (

    select
        allowed.customer_id,
        {{ dbt_segmentation.seg_pseudonym(['records.address_key', 'records.postal_code', 'records.city_key', 'records.country_code']) }} as address_hash,
        records.address,
        records.postal_code,
        records.city,
        records.country_code
    from records
    inner join allowed
        on records.record_key = allowed.record_key
    where
        records.address_key is not null
        and (records.latitude is null or records.longitude is null)

)

select * from final
