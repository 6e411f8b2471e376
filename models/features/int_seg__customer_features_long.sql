-- One row per customer, snapshot and numeric feature that is known: the wide table turned, for fct_seg__segment_profiles.
-- A view: it is as long as customers x snapshots x features, and only what is asked for should be paid.
{{ config(materialized='view') }}
with

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}

),

final as (
    {% for feature in dbt_segmentation.seg_features() %}
    select
        customer_id,
        snapshot_date,
        is_as_of,
        '{{ feature }}' as feature,
        {{ feature }} as feature_value
    from customer_features
    where {{ feature }} is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select * from final
