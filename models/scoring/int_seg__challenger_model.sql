-- One row or none: the model that was held back last and waits for a verdict.
with

run as (

    select * from {{ ref('int_seg__run') }}

),

model_verdicts as (

    select * from {{ ref('int_seg__model_verdicts') }}

),

current_model as (

    select * from {{ ref('int_seg__current_model') }}

),

registry as (

    select
        model_version,
        as_of_date as fitted_as_of_date,
        max(registered_at) as registered_at
    from {{ ref('ml_seg__model_parameters') }}
    group by model_version, as_of_date

),

ranked as (

    select
        registry.model_version,
        row_number() over (
            order by registry.fitted_as_of_date desc, registry.registered_at desc, registry.model_version asc
        ) as recency_rank
    from registry
    cross join run
    inner join model_verdicts
        on registry.model_version = model_verdicts.model_version
    left join registry as champion
        on champion.model_version in (select current_model.model_version from current_model)
    where
        model_verdicts.verdict = 'held'
        and registry.fitted_as_of_date <= run.as_of_date
        -- a challenger of a former champion has nothing to say any more
        and (champion.model_version is null or champion.fitted_as_of_date <= registry.fitted_as_of_date)

),

final as (

    select model_version
    from ranked
    where recency_rank = 1

)

select * from final
