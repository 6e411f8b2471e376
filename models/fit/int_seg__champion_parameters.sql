-- One row per parameter of the champion: the model that told the last snapshot up to the as-of date; failing that, the newest one
-- fitted up to that day; failing that, the first one after it, which only hands on its keys.
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

told_memberships as (

    select * from {{ dbt_segmentation.seg_told_memberships() }}

),

last_told as (

    select max(told_memberships.snapshot_date) as snapshot_date
    from told_memberships
    cross join run
    where told_memberships.snapshot_date <= run.as_of_date

),

in_use as (

    select distinct told_memberships.model_version
    from told_memberships
    inner join last_told
        on told_memberships.snapshot_date = last_told.snapshot_date

),

models as (

    select
        model_version,
        fit_key,
        as_of_date,
        max(registered_at) as registered_at
    from registry
    group by model_version, fit_key, as_of_date

),

ranked as (

    select
        models.model_version,
        row_number() over (
            order by
                case when models.as_of_date <= run.as_of_date then 0 else 1 end asc,
                case when in_use.model_version is null then 1 else 0 end asc,
                case when models.as_of_date <= run.as_of_date then models.as_of_date end desc nulls last,
                models.as_of_date asc,
                models.registered_at desc,
                models.model_version asc
        ) as usefulness
    from models
    cross join run
    cross join fit_key
    left join in_use
        on models.model_version = in_use.model_version
    -- today's own model is no earlier one
    where models.fit_key <> fit_key.fit_key

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
    where ranked.usefulness = 1

)

select * from final
