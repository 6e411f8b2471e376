-- One row per customer and snapshot with survey answers by then: the score on each scale that seg_survey_scales names, from 0 to 1.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['psychographic'])) }}
{%- set scales = dbt_segmentation.seg_scale_features() %}
{%- set double = dbt_segmentation.seg_type('double') %}
with

items as (

    select * from {{ ref('int_seg__survey_items_as_of') }}

),

scales as (

    select * from {{ ref('int_seg__survey_scales') }}

),

people as (

    select
        customer_id,
        snapshot_date,
        scale_name,
        count(*) as items_answered,
        {{ dbt_segmentation.seg_mean('item_score') }} as scale_score
    from items
    group by customer_id, snapshot_date, scale_name

),

scored as (

    select
        people.customer_id,
        people.snapshot_date,
        people.scale_name,
        -- a mean of a few items is a score of those items, not of the scale
        case
            when cast(people.items_answered as {{ double }}) / scales.items >= {{ dbt_segmentation.seg_var('seg_survey_min_answered') }}
                then people.scale_score
        end as scale_score
    from people
    inner join scales
        on
            people.snapshot_date = scales.snapshot_date
            and people.scale_name = scales.scale_name

),

final as (

    select
        customer_id,
        {%- for scale, feature in scales.items() %}
        max(case when scale_name = {{ dbt.string_literal(dbt.escape_single_quotes(scale)) }} then scale_score end) as {{ feature }},
        {%- endfor %}
        snapshot_date
    from scored
    group by customer_id, snapshot_date

)

select * from final
