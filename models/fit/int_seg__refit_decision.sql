-- One row: the decision that holds for this run, with what the fit needs to know.
with

fit_key as (

    select * from {{ ref('int_seg__fit_key') }}

),

registry as (

    select * from {{ dbt_segmentation.seg_registry() }}

),

decisions as (

    select * from {{ ref('int_seg__refit_decisions') }}

),

known_keys as (

    -- of every model, whatever day it was fitted for: a key is never given twice
    select distinct feature as segment_key
    from registry
    where stage in ('segment', 'sub_segment', 'micro_segment')

),

used_keys as (

    select {{ dbt_segmentation.seg_listagg('segment_key') }} as used_keys
    from known_keys

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
        fit_key.as_of_date,
        used_keys.used_keys
    from fit_key
    cross join used_keys
    inner join decisions
        on decisions.decision_key = {{ dbt_segmentation.seg_key(['fit_key.fit_key', "'" ~ dbt_segmentation.seg_var('seg_refit') ~ "'"]) }}

)

select * from final
