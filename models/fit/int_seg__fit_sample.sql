-- One row per customer of the fit sample: the features of the as-of snapshot, drawn by a seeded hash so that it never depends on luck.
{%- set label = dbt_segmentation.seg_var('seg_known_label') %}
{%- set is_feature = label in dbt_segmentation.seg_features() or label in dbt_segmentation.seg_text_features() %}
{%- set is_attribute = label is not none and not is_feature %}
with

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}
    where is_as_of

),

sample_weights as (

    select * from {{ ref('int_seg__sample_weights') }}

),

{% if is_attribute or not execute -%}
known_labels as (

    select
        customer_id,
        snapshot_date,
        value as known_label
    from {{ ref('int_seg__customer_attributes_as_of') }}
    {%- if is_attribute %}
    where attribute = {{ dbt_segmentation.seg_match_text(dbt_segmentation.seg_literal(label)) }}
    {%- endif %}

),

{% endif -%}
drawn as (

    select
        customer_features.*,
        coalesce(sample_weights.weight, 1) as sample_weight,
        {%- if label is not none %}
        cast({{ 'known_labels.known_label' if is_attribute else 'customer_features.' ~ label }} as {{ dbt.type_string() }}) as known_label,
        {%- endif %}
        row_number() over (
            order by {{ dbt_segmentation.seg_key(['customer_features.customer_id', dbt_segmentation.seg_var('seg_random_state')]) }}, customer_features.customer_id
        ) as draw
    from customer_features
    left join sample_weights
        on customer_features.customer_id = sample_weights.customer_id
    {%- if is_attribute %}
    left join known_labels
        on
            customer_features.customer_id = known_labels.customer_id
            and customer_features.snapshot_date = known_labels.snapshot_date
    {%- endif %}

),

final as (

    select
        customer_id,
        {%- for feature in dbt_segmentation.seg_fit_features() + dbt_segmentation.seg_fit_categories() %}
        {{ feature }},
        {%- endfor %}
        {%- if label is not none %}
        -- what candidates are compared with, and nothing is fitted on
        known_label,
        {%- endif %}
        -- what the customer stands for, where population margins are given
        sample_weight,
        snapshot_date
    from drawn
    where draw <= {{ dbt_segmentation.seg_var('seg_fit_sample_size') }}

)

select * from final
