-- One row: the model that scores this run, which is the one that was promoted last up to the as-of date.
with

run as (

    select * from {{ ref('int_seg__run') }}

),

decision as (

    select * from {{ ref('int_seg__refit_decision') }}

),

promotions as (

    select * from {{ ref('int_seg__promotions') }}
    where verdict = 'promoted'

),

model_verdicts as (

    select * from {{ ref('int_seg__model_verdicts') }}
    where verdict = 'promoted'

),

fitted as (

    select
        model_version,
        min(as_of_date) as fitted_as_of_date
    from {{ ref('ml_seg__model_parameters') }}
    group by model_version

),

champions as (

    select
        promotions.model_version,
        row_number() over (order by promotions.as_of_date desc, promotions.decision_number desc) as recency_rank
    from promotions
    cross join run
    inner join model_verdicts
        on promotions.model_version = model_verdicts.model_version
    inner join fitted
        on promotions.model_version = fitted.model_version
    where
        {{ dbt_segmentation.seg_verdict_counts('promotions') }}
        and fitted.fitted_as_of_date <= run.as_of_date

),

final as (

    select
        decision.decision,
        decision.decision_reason,
        coalesce(champions.model_version, decision.champion_model_version) as model_version
    from decision
    left join champions
        on champions.recency_rank = 1

)

select * from final
