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
        case when decision.decision = 'fit' then registry.model_version else decision.champion_model_version end as model_version
    from decision
    left join registry
        on decision.fit_key = registry.fit_key

)

select * from final
