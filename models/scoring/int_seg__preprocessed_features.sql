-- One row per customer and snapshot: the clustering features as the current model sees them.
-- Generated from parameter rows, in the layout of the template:
-- noqa: disable=LT02
{{ config(materialized='view') }}
-- depends_on: {{ ref('ml_seg__model_parameters') }}, {{ ref('int_seg__current_model') }}
{%- set model = dbt_segmentation.seg_model() %}
{%- set filled = 'customer_features' if not model.imputation else 'filled' %}
with

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}

),

{% if model.imputation -%}
scaled as (

    select
        customer_id,
        {%- for name in model.coordinates %}
        {{ dbt_segmentation.seg_scaled(model, name) }} as {{ name }},
        {%- endfor %}
        snapshot_date
    from customer_features

),

{{ dbt_segmentation.seg_filled(model) }},

{% endif -%}
coordinates as (

    select
        customer_id,
        {%- for name in model.coordinates %}
        {{ name if model.imputation else dbt_segmentation.seg_preprocessed(model, name) }} as {{ name }},
        {%- endfor %}
        snapshot_date
    from {{ filled }}

),

final as (

    select
        customer_id,
        {%- for name in model.features %}
        {%- if model.component %}
        {%- set weights = {} %}
        {%- for coordinate in model.coordinates %}{% do weights.update({coordinate: model.component[name][coordinate]}) %}{% endfor %}
        {{ dbt_segmentation.seg_linear_form(weights) }} + {{ dbt_segmentation.seg_number(model.component[name]['(offset)']) }} as {{ name }},
        {%- else %}
        {{ name }},
        {%- endif %}
        {%- endfor %}
        snapshot_date
    from coordinates

)

select * from final
