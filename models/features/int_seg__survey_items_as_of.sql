-- One row per customer, snapshot and survey question with an answer by then: the last answer, from 0 to 1, turned where the item is reversed.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['psychographic'])) }}
with

survey_responses as (

    select * from {{ ref('int_seg__survey_responses') }}

),

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

scaled as (

    select
        customer_id,
        survey_id,
        question_id,
        coalesce(scale_name, question_id) as scale_name,
        answered_day,
        answered_at,
        response_id,
        case
            when coalesce(reversed, false) then {{ dbt_segmentation.seg_ratio('scale_max - score', 'scale_max - scale_min') }}
            else {{ dbt_segmentation.seg_ratio('score - scale_min', 'scale_max - scale_min') }}
        end as item_score
    from survey_responses
    -- text answers and scores without the ends of their scale say nothing in numbers
    where score is not null and scale_min is not null and scale_max is not null

),

ranked as (

    select
        scaled.customer_id,
        snapshots.snapshot_date,
        scaled.scale_name,
        scaled.survey_id,
        scaled.question_id,
        scaled.answered_day,
        scaled.item_score,
        row_number() over (
            partition by scaled.customer_id, snapshots.snapshot_date, scaled.scale_name, scaled.survey_id, scaled.question_id
            order by scaled.answered_at desc, scaled.response_id desc
        ) as place
    from scaled
    inner join snapshots
        on {{ dbt_segmentation.seg_in_window('scaled.answered_day', 'snapshots.snapshot_date') }}

),

final as (

    select
        customer_id,
        snapshot_date,
        scale_name,
        survey_id,
        question_id,
        answered_day,
        item_score
    from ranked
    where place = 1 and item_score is not null

)

select * from final
