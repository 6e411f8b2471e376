-- One row per item of a survey scale that somebody has answered: since when. How many items a scale has decides who answered enough of them.
with

survey_responses as (

    select * from {{ ref('int_seg__survey_responses') }}

),

final as (

    select
        coalesce(scale_name, question_id) as scale_name,
        survey_id,
        question_id,
        min(answered_day) as first_answered_day
    from survey_responses
    where score is not null and scale_max <> scale_min
    group by coalesce(scale_name, question_id), survey_id, question_id

)

select * from final
