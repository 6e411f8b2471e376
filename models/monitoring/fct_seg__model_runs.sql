-- One row per model in the registry: what was fitted, how good it is, and why it was fitted.
{%- set indices = [
    'silhouette', 'calinski_harabasz', 'davies_bouldin', 'gap', 'stability_min', 'stability_mean', 'smallest_segment'
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

final as (

    select
        described.model_version,
        'fit' as decision,
        decisions.decision_reason,
        described.algorithm,
        cast(described.n_segments as {{ dbt.type_bigint() }}) as n_segments,
        described.verdict,
        described.reason,
        cast(described.n_rows as {{ dbt.type_bigint() }}) as n_rows,
        cast(described.n_used as {{ dbt.type_bigint() }}) as n_used,
        cast(described.n_features as {{ dbt.type_bigint() }}) as n_features,
        winners.silhouette,
        winners.calinski_harabasz,
        winners.davies_bouldin,
        winners.gap,
        winners.stability_min,
        winners.stability_mean,
        cast(winners.smallest_segment as {{ dbt.type_bigint() }}) as smallest_segment,
        cast(described.random_state as {{ dbt.type_bigint() }}) as random_state,
        described.library_versions,
        described.fitted_as_of_date,
        current_model.model_version is not null as is_current,
        run.run_id,
        run.as_of_date
    from described
    cross join run
    left join winners
        on described.model_version = winners.model_version
    left join decisions
        on described.fit_key = decisions.fit_key
    left join current_model
        on described.model_version = current_model.model_version

)

select * from final
