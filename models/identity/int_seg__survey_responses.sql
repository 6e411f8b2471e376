-- One row per survey answer that counts: of a customer who may be profiled, up to the as-of date.
{{ config(materialized='view') }}
with

checked_survey_responses as (

    select * from {{ ref('int_seg__checked_survey_responses') }}

),

final as (

    select
        response_id,
        customer_id,
        answered_day,
        answered_at,
        survey_id,
        question_id,
        score,
        scale_min,
        scale_max,
        reversed,
        scale_name
    from checked_survey_responses
    where row_status = 'used'

)

select * from final
