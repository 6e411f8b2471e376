-- One row: the model that scores this run.
with

decision as (

    select * from {{ ref('int_seg__refit_decision') }}

),

registry as (

    select distinct
        model_version,
        fit_key
    from {{ ref('ml_seg__model_parameters') }}

),

final as (

    select
        decision.decision,
        decision.decision_reason,
        -- a model fitted on exactly this sample and these settings, whatever the decision; else the champion
        coalesce(registry.model_version, decision.champion_model_version) as model_version
    from decision
    left join registry
        on decision.fit_key = registry.fit_key

)

select * from final
