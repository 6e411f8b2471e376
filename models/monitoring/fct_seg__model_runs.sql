-- One row per model in the registry: what was fitted, how good it is, and why it was fitted.
{%- set indices = [
    'silhouette', 'calinski_harabasz', 'davies_bouldin', 'dunn', 'gap', 'bic', 'stability_min', 'stability_mean', 'prediction_strength',
    'agreement', 'cost_of_change', 'smallest_segment'
] %}
with

registry as (

    select * from {{ ref('ml_seg__model_parameters') }}

),

decisions as (

    select
        fit_key,
        min(decision_reason) as decision_reason
    from {{ ref('int_seg__refit_decisions') }}
    where decision = 'fit'
    group by fit_key

),

model_verdicts as (

    select * from {{ ref('int_seg__model_verdicts') }}

),

challenger_model as (

    select * from {{ ref('int_seg__challenger_model') }}

),

current_model as (

    select * from {{ ref('int_seg__current_model') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

described as (

    select
        model_version,
        fit_key,
        as_of_date as fitted_as_of_date,
        max(case when component = 'algorithm' then text_value end) as algorithm,
        max(case when component = 'assignment' then text_value end) as assignment,
        max(case when component = 'n_segments' then value end) as n_segments,
        max(case when component = 'verdict' then text_value end) as verdict,
        max(case when component = 'reason' then text_value end) as reason,
        max(case when component = 'n_rows' then value end) as n_rows,
        max(case when component = 'n_used' then value end) as n_used,
        max(case when component = 'n_features' then value end) as n_features,
        max(case when component = 'random_state' then value end) as random_state,
        max(case when component = 'library_versions' then text_value end) as library_versions,
        max(case when component = 'winner' then text_value end) as winner
    from registry
    where stage = 'run'
    group by model_version, fit_key, as_of_date

),

winners as (

    select
        {%- for index in indices %}
        max(case when registry.component = '{{ index }}' then registry.value end) as {{ index }},
        {%- endfor %}
        described.model_version
    from described
    inner join registry
        on
            described.model_version = registry.model_version
            and described.winner = registry.feature
    where registry.stage = 'candidate'
    group by described.model_version

),

counted as (

    select
        model_version,
        count(distinct case when stage = 'candidate' then feature end) as n_candidates,
        count(distinct case when stage = 'merge' then feature end) as n_merges,
        count(distinct case when stage = 'preprocess' and component = 'dropped' then feature end) as n_dropped_features
    from registry
    where stage in ('candidate', 'merge', 'preprocess')
    group by model_version

),

final as (

    select
        described.model_version,
        'fit' as decision,
        decisions.decision_reason,
        described.algorithm,
        coalesce(described.assignment, 'prototype') as assignment,
        cast(described.n_segments as {{ dbt.type_bigint() }}) as n_segments,
        described.verdict,
        described.reason,
        cast(described.n_rows as {{ dbt.type_bigint() }}) as n_rows,
        cast(described.n_used as {{ dbt.type_bigint() }}) as n_used,
        cast(described.n_features as {{ dbt.type_bigint() }}) as n_features,
        winners.silhouette,
        winners.calinski_harabasz,
        winners.davies_bouldin,
        winners.dunn,
        winners.gap,
        winners.bic,
        winners.stability_min,
        winners.stability_mean,
        winners.prediction_strength,
        winners.agreement,
        winners.cost_of_change,
        coalesce(counted.n_candidates, 0) as n_candidates,
        coalesce(counted.n_merges, 0) as n_merges,
        coalesce(counted.n_dropped_features, 0) as n_dropped_features,
        cast(winners.smallest_segment as {{ dbt.type_bigint() }}) as smallest_segment,
        cast(described.random_state as {{ dbt.type_bigint() }}) as random_state,
        described.library_versions,
        described.fitted_as_of_date,
        current_model.model_version is not null as is_current,
        case
            when current_model.model_version is not null then 'champion'
            when challenger_model.model_version is not null then 'challenger'
            when model_verdicts.verdict = 'held' then 'held back'
            when model_verdicts.verdict = 'rejected' then 'rejected'
            else 'former'
        end as status,
        model_verdicts.reason as promotion_reason,
        model_verdicts.decided_by,
        model_verdicts.renamed_share,
        model_verdicts.silhouette_now,
        model_verdicts.champion_silhouette,
        run.run_id,
        run.as_of_date
    from described
    cross join run
    left join winners
        on described.model_version = winners.model_version
    left join counted
        on described.model_version = counted.model_version
    left join decisions
        on described.fit_key = decisions.fit_key
    left join model_verdicts
        on described.model_version = model_verdicts.model_version
    left join challenger_model
        on described.model_version = challenger_model.model_version
    left join current_model
        on described.model_version = current_model.model_version

)

select * from final
