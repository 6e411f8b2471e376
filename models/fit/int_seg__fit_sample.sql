-- One row per customer of the fit sample: the features of the as-of snapshot, drawn by a seeded hash so that it never depends on luck.
with

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}
    where is_as_of

),

sample_weights as (

    select * from {{ ref('int_seg__sample_weights') }}

),

drawn as (

    select
        customer_features.*,
        coalesce(sample_weights.weight, 1) as sample_weight,
        row_number() over (
            order by {{ dbt_segmentation.seg_key(['customer_features.customer_id', dbt_segmentation.seg_var('seg_random_state')]) }}, customer_features.customer_id
        ) as draw
    from customer_features
    left join sample_weights
        on customer_features.customer_id = sample_weights.customer_id

),

final as (

    select
        customer_id,
        {%- for feature in dbt_segmentation.seg_fit_features() + dbt_segmentation.seg_fit_categories() %}
        {{ feature }},
        {%- endfor %}
        -- what the customer stands for, where population margins are given
        sample_weight,
        snapshot_date
    from drawn
    where draw <= {{ dbt_segmentation.seg_var('seg_fit_sample_size') }}

)

select * from final
