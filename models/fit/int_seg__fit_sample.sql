-- One row per customer of the fit sample: the features of the as-of snapshot, drawn by a seeded hash so that it never depends on luck.
with

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}
    where is_as_of

),

drawn as (

    select
        *,
        row_number() over (
            order by {{ dbt_segmentation.seg_key(['customer_id', dbt_segmentation.seg_var('seg_random_state')]) }}, customer_id
        ) as draw
    from customer_features

),

final as (

    select
        customer_id,
        {%- for feature in dbt_segmentation.seg_features() %}
        {{ feature }},
        {%- endfor %}
        snapshot_date
    from drawn
    where draw <= {{ dbt_segmentation.seg_var('seg_fit_sample_size') }}

)

select * from final
