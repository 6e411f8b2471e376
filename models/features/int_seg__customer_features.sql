-- One row per customer and snapshot: every feature, wide. Numbers are doubles, missing is null, nothing is infinite.
-- A view: rows are kept from run to run, and what a run can change of all of them is added here.
{{ config(materialized='view') }}
{%- set has_scores = dbt_segmentation.seg_family_enabled(['rfm']) %}
with

feature_rows as (

    select * from {{ ref('int_seg__feature_rows') }}

),

{% if has_scores -%}
rfm_scores as (

    select * from {{ ref('int_seg__rfm_scores') }}

),

{% endif -%}

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

final as (

    select
        feature_rows.customer_id,
        feature_rows.snapshot_date,
        snapshots.is_as_of,
        snapshots.is_window_complete
        {%- for feature, about in dbt_segmentation.seg_features().items() %},
        {{ 'rfm_scores' if about.ranked else 'feature_rows' }}.{{ feature }}
        {%- endfor %}
        {%- for feature in dbt_segmentation.seg_text_features() %},
        feature_rows.{{ feature }}
        {%- endfor %}
    from feature_rows
    inner join snapshots
        on feature_rows.snapshot_date = snapshots.snapshot_date
    {%- if has_scores %}
    left join rfm_scores
        on
            feature_rows.customer_id = rfm_scores.customer_id
            and feature_rows.snapshot_date = rfm_scores.snapshot_date
    {%- endif %}

)

select * from final
