-- One row per decision ever taken: whether a day's data called for a new model, and why. Remembered, so that a second build decides alike.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    tags=['state']
) }}
{%- set refit = dbt_segmentation.seg_var('seg_refit') %}
{%- set after_days = dbt_segmentation.seg_var('seg_refit_after_days') %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

fit_key as (

    select * from {{ ref('int_seg__fit_key') }}

),

champion as (

    select
        max(model_version) as model_version,
        max(as_of_date) as as_of_date,
        max(config_hash) as config_hash
    from {{ ref('int_seg__champion_parameters') }}

),

drift as (

    select
        count(*) as features,
        count(case when psi > threshold then 1 end) as drifted_features
    from {{ ref('int_seg__champion_drift') }}

),

-- a model that was refused and is recent: another of the same settings would be refused as well
told_promotions as (

    select
        promotions.model_version,
        promotions.verdict,
        row_number() over (partition by promotions.model_version order by promotions.decision_number desc) as recency_rank
    from {{ dbt_segmentation.seg_told_promotions() }} as promotions
    cross join run
    where {{ dbt_segmentation.seg_verdict_counts('promotions') }}

),

refused as (

    select
        registry.config_hash,
        max(registry.as_of_date) as as_of_date
    from {{ dbt_segmentation.seg_registry() }} as registry
    cross join run
    inner join told_promotions
        on
            registry.model_version = told_promotions.model_version
            and told_promotions.recency_rank = 1
    where told_promotions.verdict <> 'promoted' and registry.as_of_date <= run.as_of_date
    group by registry.config_hash

),

facts as (

    select
        fit_key.fit_key,
        {{ dbt_segmentation.seg_key(['fit_key.fit_key', "'" ~ refit ~ "'"]) }} as decision_key,
        fit_key.config_hash,
        champion.model_version as champion_model_version,
        champion.config_hash as champion_config_hash,
        {{ dbt.datediff('champion.as_of_date', 'run.as_of_date', 'day') }} as champion_age_days,
        {{ dbt.datediff('refused.as_of_date', 'run.as_of_date', 'day') }} as refused_age_days,
        drift.drifted_features,
        drift.features,
        run.run_id,
        run.as_of_date
    from fit_key
    cross join run
    cross join champion
    cross join drift
    left join refused
        on
            fit_key.config_hash = refused.config_hash
            and champion.as_of_date <= refused.as_of_date
            and '{{ dbt_segmentation.seg_var("seg_promotion") }}' <> 'always'
    where fit_key.sample_rows > 0

),

reasons as (

    select
        *,
        case
            when champion_model_version is null then 'no model yet'
            when champion_age_days < 0 then 'no model of that day or before'
            when '{{ refit }}' = 'always' then 'seg_refit is always'
            when '{{ refit }}' = 'never' then null
            when refused_age_days < {{ after_days }} then null
            when champion_config_hash <> config_hash then 'the settings of the fit have changed'
            when champion_age_days >= {{ after_days }} then 'the model is {{ after_days }} days old or more'
            -- one feature in four: a segmentation outlives the drift of a single feature
            when drifted_features * 4 >= features and features > 0 then 'a quarter of the clustering features have drifted'
        end as fit_reason
    from facts

),

final as (

    select
        decision_key,
        fit_key,
        case when fit_reason is null then 'keep' else 'fit' end as decision,
        case
            when fit_reason is not null then fit_reason
            {%- if refit == 'auto' %}
            when refused_age_days < {{ after_days }} then 'a challenger of these settings was not promoted, and is recent'
            {%- endif %}
            else {{ "'seg_refit is never'" if refit == 'never' else "'the model is recent, its settings are the same and its features have not drifted'" }}
        end as decision_reason,
        champion_model_version,
        champion_age_days,
        drifted_features,
        features,
        run_id,
        as_of_date
    from reasons
    {% if dbt_segmentation.seg_is_incremental() %}
    where decision_key not in (select remembered.decision_key from {{ this }} as remembered)
    {% endif %}

)

select * from final
