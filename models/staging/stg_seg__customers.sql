-- One row per record of the customers input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('customers') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('customers') }}
    from source

),

labelled as (

    select
        given.*,
        {{- dbt_segmentation.seg_label_columns('customers') }}
    from given
    {{- dbt_segmentation.seg_label_joins('customers') }}

),

read as (

    select
        {{ dbt_segmentation.seg_input_select('customers') }}
    from labelled

),

normalised as (

    select
        *,
        {{ dbt_segmentation.seg_country_code('country_code') }} as country,
        {{ dbt_segmentation.seg_plausible_birth_date('birth_date') }} as birth_day,
        {{ dbt_segmentation.seg_coordinate('latitude', 'latitude', 'longitude') }} as clean_latitude,
        {{ dbt_segmentation.seg_coordinate('longitude', 'latitude', 'longitude') }} as clean_longitude,
        -- of a pasted megabyte the head is enough to see that it is no name
        {{ dbt_segmentation.seg_name_key('substring(first_name, 1, 1000)') }} as first_name_form,
        {{ dbt_segmentation.seg_name_key('substring(last_name, 1, 1000)') }} as last_name_form,
        {{ dbt_segmentation.seg_company_key('substring(company_name, 1, 1000)') }} as company_name_form,
        {{ dbt_segmentation.seg_address_key('substring(address, 1, 1000)') }} as address_form,
        {{ dbt_segmentation.seg_city_key('substring(city, 1, 1000)') }} as city_form
    from read

),

final as (

    select
        record_key,
        source_system,
        source_record_id,
        {{ dbt_segmentation.seg_email('email') }} as email,
        email as email_as_given,
        {{ dbt_segmentation.seg_phone('phone', 'country') }} as phone,
        phone as phone_as_given,
        first_name,
        {{ dbt_segmentation.seg_short_text('first_name_form') }} as first_name_key,
        last_name,
        {{ dbt_segmentation.seg_short_text('last_name_form') }} as last_name_key,
        birth_day as birth_date,
        birth_date_as_given,
        age_band,
        {{ dbt_segmentation.seg_gender('gender') }} as gender,
        gender as gender_as_given,
        address,
        {{ dbt_segmentation.seg_short_text('address_form') }} as address_key,
        {{ dbt_segmentation.seg_postal_code('postal_code', 'country') }} as postal_code,
        postal_code as postal_code_as_given,
        city,
        {{ dbt_segmentation.seg_short_text('city_form') }} as city_key,
        country as country_code,
        country_code as country_code_as_given,
        occupation,
        education,
        marital_status,
        household_size,
        household_size_as_given,
        children_count,
        children_count_as_given,
        income_band,
        {{ dbt_segmentation.seg_language('language') }} as language,
        language as language_as_given,
        clean_latitude as latitude,
        latitude_as_given,
        clean_longitude as longitude,
        longitude_as_given,
        {{ dbt_segmentation.seg_customer_type('customer_type') }} as customer_type,
        customer_type as customer_type_as_given,
        company_name,
        {{ dbt_segmentation.seg_short_text('company_name_form') }} as company_name_key,
        company_size,
        sector,
        created_at,
        created_at_as_given,
        updated_at,
        updated_at_as_given,
        loaded_at,
        loaded_at_as_given
    from normalised

)

select * from final
