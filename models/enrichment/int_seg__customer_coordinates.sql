-- One row per customer: coordinates and where they come from. To two decimals, about a kilometre: enough for distances, and no address.
-- depends_on: {{ ref('stg_seg__addresses_to_geocode') }}
{%- set has_geocoder = dbt_segmentation.seg_var('seg_geocoder') and dbt_segmentation.seg_has_python_models() %}
{%- set double = dbt_segmentation.seg_type('double') %}
{%- set found = dbt_segmentation.seg_python_model('ml_seg__geocoded_addresses', {
    'address_hash': dbt.type_string(), 'latitude': double, 'longitude': double, 'status': dbt.type_string(),
}) %}
with

customers as (

    select * from {{ ref('int_seg__customers') }}

),

areas as (

    select * from {{ ref('int_seg__customer_areas') }}

),

{% if has_geocoder %}
addresses as (

    select * from {{ ref('stg_seg__addresses_to_geocode') }}

),

found as (

    select answers.* from {{ found }} as answers
    where status = 'found'

),

{% endif %}
geocoded as (
    {# the models are named in any case, so that the graph does not depend on the var -#}
    {% if has_geocoder %}
    select
        addresses.customer_id,
        found.latitude,
        found.longitude,
        row_number() over (
            partition by addresses.customer_id
            -- the address in the golden record's postal code first
            order by case when addresses.postal_code = areas.postal_code then 0 else 1 end, addresses.address_hash
        ) as rank_in_customer
    from addresses
    inner join found
        on addresses.address_hash = found.address_hash
    inner join areas
        on addresses.customer_id = areas.customer_id
    {% else %}
    select
        cast(null as {{ dbt.type_string() }}) as customer_id,
        answers.latitude,
        answers.longitude,
        1 as rank_in_customer
    from {{ found }} as answers
    where 1 = 0
    {% endif %}

),

postal_codes as (

    select * from {{ ref('seg_postal_codes') }}

),

departments as (

    select * from {{ ref('seg_departments') }}

),

joined as (

    select
        customers.customer_id,
        customers.latitude as given_latitude,
        customers.longitude as given_longitude,
        geocoded.latitude as geocoded_latitude,
        geocoded.longitude as geocoded_longitude,
        postal_codes.latitude as postal_latitude,
        postal_codes.longitude as postal_longitude,
        departments.latitude as department_latitude,
        departments.longitude as department_longitude,
        case
            when
                customers.latitude between -90 and 90 and customers.longitude between -180 and 180
                and not (customers.latitude = 0 and customers.longitude = 0) then 'given'
            when geocoded.latitude is not null then 'geocoded'
            when postal_codes.latitude is not null then 'postal_code'
            when departments.latitude is not null then 'department'
            else 'none'
        end as coordinates_origin
    from customers
    left join areas
        on customers.customer_id = areas.customer_id
    left join geocoded
        on customers.customer_id = geocoded.customer_id and geocoded.rank_in_customer = 1
    left join postal_codes
        on areas.postal_code = postal_codes.postal_code and areas.is_french
    left join departments
        on areas.department_code = departments.department_code

),

final as (

    select
        customer_id,
        {%- for column in ['latitude', 'longitude'] %}
        {%- set known %}
            case coordinates_origin
                when 'given' then given_{{ column }}
                when 'geocoded' then geocoded_{{ column }}
                when 'postal_code' then postal_{{ column }}
                when 'department' then department_{{ column }}
            end
        {%- endset %}
        {{ dbt_segmentation.seg_rounded(known, 2) }} as {{ column }},
        {%- endfor %}
        coordinates_origin
    from joined

)

select * from final
