-- One row: the decision that holds for this run, with what the fit needs to know.
with

fit_key as (

    select * from {{ ref('int_seg__fit_key') }}

),

decisions as (

    select * from {{ ref('int_seg__refit_decisions') }}

),

final as (

    select
        decisions.decision,
        decisions.decision_reason,
        decisions.champion_model_version,
        fit_key.fitted_model_version,
        fit_key.fit_key,
        fit_key.config_json,
        fit_key.config_hash,
        fit_key.as_of_date
    from fit_key
    inner join decisions
        on decisions.decision_key = {{ dbt_segmentation.seg_key(['fit_key.fit_key', "'" ~ dbt_segmentation.seg_var('seg_refit') ~ "'"]) }}

)

select * from final
