{#- Steps from raw features to what distances are measured in, as CTEs that end in `preprocessed`, from a CTE
    `customer_features`: see seg_model for what `model` holds. -#}
{% macro seg_preprocessed_steps(model) -%}
  {%- set filled = 'customer_features' if not model.imputation else 'filled' -%}
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

preprocessed as (

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
{%- endmacro %}
