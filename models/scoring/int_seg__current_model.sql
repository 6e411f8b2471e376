-- One row: the model that scores this run.
with

decision as (

    select * from {{ ref('int_seg__refit_decision') }}

),

model_verdicts as (

    select * from {{ ref('int_seg__model_verdicts') }}

),

champions as (

    select distinct
        registry.model_version,
        registry.fit_key
    from {{ ref('ml_seg__model_parameters') }} as registry
    inner join model_verdicts
        on registry.model_version = model_verdicts.model_version
    where model_verdicts.verdict = 'promoted'

),

final as (

    select
        decision.decision,
        decision.decision_reason,
        -- a champion fitted on exactly this sample and these settings, whatever the decision; else the champion
        coalesce(champions.model_version, decision.champion_model_version) as model_version
    from decision
    left join champions
        on decision.fit_key = champions.fit_key

)

select * from final
