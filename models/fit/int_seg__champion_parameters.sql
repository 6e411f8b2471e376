-- One row per parameter of the champion: the model that was promoted last up to the as-of date; failing that, the first one after it, which
-- only hands on its keys.
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

told_promotions as (

    select * from {{ dbt_segmentation.seg_told_promotions() }}

),

-- by the verdict that holds as of the as-of date; a model of a later day by its last one, and one of before there were verdicts not at all
refused as (

    select model_version
    from (
        select
            told_promotions.model_version,
            told_promotions.verdict,
            row_number() over (
                partition by told_promotions.model_version
                order by
                    case when {{ dbt_segmentation.seg_verdict_counts('told_promotions') }} then 0 else 1 end asc,
                    told_promotions.decision_number desc
            ) as recency_rank
        from told_promotions
        cross join run
    ) as ranked_verdicts
    where recency_rank = 1 and verdict <> 'promoted'

),

last_promoted as (

    select
        model_version,
        promoted_as_of_date,
        decision_number
    from (
        select
            told_promotions.model_version,
            told_promotions.as_of_date as promoted_as_of_date,
            told_promotions.decision_number,
            row_number() over (
                partition by told_promotions.model_version
                order by told_promotions.as_of_date desc, told_promotions.decision_number desc
            ) as recency_rank
        from told_promotions
        cross join run
        where told_promotions.verdict = 'promoted' and {{ dbt_segmentation.seg_verdict_counts('told_promotions') }}
    ) as ranked_promotions
    where recency_rank = 1

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
                last_promoted.promoted_as_of_date desc nulls last,
                last_promoted.decision_number desc nulls last,
                case when models.as_of_date <= run.as_of_date then models.as_of_date end desc nulls last,
                models.as_of_date asc,
                models.registered_at desc,
                models.model_version asc
        ) as usefulness
    from models
    cross join run
    cross join fit_key
    left join last_promoted
        on models.model_version = last_promoted.model_version
    left join refused
        on models.model_version = refused.model_version
    where
        -- today's own model is no earlier one
        models.fit_key <> fit_key.fit_key
        and refused.model_version is null

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
