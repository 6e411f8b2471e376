-- One row per customer, attribute and stretch of days in which one value was the latest known.
with

attributes as (

    select * from {{ ref('int_seg__customer_attributes') }}

),

-- of a day's statements the latest counts; at the same moment the provider that comes first by name, then the smaller value
ranked as (

    select
        customer_id,
        {{ dbt_segmentation.seg_match_text('attribute') }} as attribute,
        value,
        provider,
        observed_day,
        row_number() over (
            partition by customer_id, {{ dbt_segmentation.seg_match_text('attribute') }}, observed_day
            order by observed_at desc, provider asc nulls last, value asc
        ) as rank_of_day
    from attributes

),

final as (

    select
        customer_id,
        attribute,
        value,
        {{ dbt_segmentation.seg_finite(dbt_segmentation.seg_try_cast('value', dbt_segmentation.seg_type('double'))) }} as value_number,
        provider,
        observed_day as valid_from,
        lead(observed_day) over (partition by customer_id, attribute order by observed_day) as valid_to
    from ranked
    where rank_of_day = 1

)

select * from final
