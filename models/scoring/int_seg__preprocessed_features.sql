-- One row per customer and snapshot: the clustering features as the current model sees them.
-- depends_on: {{ ref('ml_seg__model_parameters') }}, {{ ref('int_seg__current_model') }}
{%- set model = dbt_segmentation.seg_model() %}
with

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}

),

final as (

    select
        customer_id,
        {%- for feature in model.features %}
        {{ dbt_segmentation.seg_preprocessed(feature, model.preprocess[feature]) }} as {{ feature }},
        {%- endfor %}
        snapshot_date
    from customer_features

)

select * from final
