-- One row per parameter of the champion: the newest model fitted up to the as-of date by an earlier run.
with

run as (

    select * from {{ ref('int_seg__run') }}

),

fit_key as (

    select * from {{ ref('int_seg__fit_key') }}

),

registry as (

    select * from {{ dbt_segmentation.seg_registry() }}

),

ranked as (

    select
        registry.model_version,
        row_number() over (order by registry.as_of_date desc, max(registry.registered_at) desc, registry.model_version) as recency_rank
    from registry
    cross join run
    cross join fit_key
    where registry.as_of_date <= run.as_of_date and registry.fit_key <> fit_key.fit_key
    group by registry.model_version, registry.as_of_date

),

final as (

    select
        registry.model_version,
        registry.config_hash,
        registry.stage,
        registry.feature,
        registry.component,
        registry.value,
        registry.text_value,
        registry.as_of_date
    from registry
    inner join ranked
        on registry.model_version = ranked.model_version
    where ranked.recency_rank = 1

)

select * from final
