-- One row per verdict on a model: promoted to champion, held back as a challenger, or rejected; by the gate or by a person. Remembered.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    tags=['state']
) }}
{%- set promotion = dbt_segmentation.seg_var('seg_promotion') %}
{%- set told_percent = dbt_segmentation.seg_told_percent %}
{%- set told_number = dbt_segmentation.seg_told_number %}
{%- set figures = ['renamed_share', 'silhouette_now', 'champion_silhouette', 'stability_min', 'smallest_segment'] %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

refit_decision as (

    select * from {{ ref('int_seg__refit_decision') }}

),

registry as (

    select * from {{ ref('ml_seg__model_parameters') }}

),

told as (

    {% if dbt_segmentation.seg_is_incremental() %}
    select * from {{ this }}
    {% else %}
    select
        cast(0 as {{ dbt.type_bigint() }}) as decision_number,
        cast(null as {{ dbt.type_string() }}) as model_version,
        cast(null as {{ dbt.type_string() }}) as verdict,
        cast(null as {{ dbt.type_string() }}) as decided_by,
        cast(null as date) as as_of_date
    where 1 = 0
    {% endif %}

),

winners as (

    select
        model_version,
        text_value as winner
    from registry
    where stage = 'run' and component = 'winner'

),

measured as (

    select
        registry.model_version,
        min(registry.fit_key) as fit_key,
        min(registry.as_of_date) as fitted_as_of_date,
        max(case when registry.stage = 'run' and registry.component = 'n_segments' then registry.value end) as n_segments,
        max(case when registry.stage = 'run' and registry.component = 'renamed_share' then registry.value end) as renamed_share,
        max(case when registry.stage = 'run' and registry.component = 'silhouette_now' then registry.value end) as silhouette_now,
        max(case when registry.stage = 'run' and registry.component = 'champion_silhouette' then registry.value end) as champion_silhouette,
        max(
            case when registry.stage = 'candidate' and registry.feature = winners.winner and registry.component = 'stability_min' then registry.value end
        ) as stability_min,
        min(
            case when registry.stage = 'segment' and registry.component = 'size' and registry.value > 0 then registry.value end
        ) as smallest_segment
    from registry
    left join winners
        on registry.model_version = winners.model_version
    group by registry.model_version

),

-- those that hold as of the as-of date; of a model of a later day, the last one: nothing is judged twice
latest_verdicts as (

    select
        told.model_version,
        told.verdict,
        row_number() over (
            partition by told.model_version
            order by case when {{ dbt_segmentation.seg_verdict_counts('told') }} then 0 else 1 end asc, told.decision_number desc
        ) as recency_rank
    from told
    cross join run

),

-- in the order in which champions follow one another
last_promoted as (

    select
        told.model_version,
        told.decided_by,
        row_number() over (order by told.as_of_date desc, told.decision_number desc) as recency_rank
    from told
    cross join run
    inner join latest_verdicts
        on
            told.model_version = latest_verdicts.model_version
            and latest_verdicts.recency_rank = 1
            and latest_verdicts.verdict = 'promoted'
    where told.verdict = 'promoted' and {{ dbt_segmentation.seg_verdict_counts('told') }}

),

numbers as (

    select coalesce(max(decision_number), 0) as last_number
    from told

),

judged as (

    select
        measured.*,
        refit_decision.champion_model_version,
        latest_verdicts.verdict as former_verdict,
        measured.fit_key = refit_decision.fit_key as is_of_this_run,
        case
            when numbers.last_number = 0 and measured.fit_key <> refit_decision.fit_key then 'fitted before there was a gate'
            when refit_decision.champion_model_version is null then 'no model yet'
            when champion.fitted_as_of_date > measured.fitted_as_of_date then 'no model of that day or before'
            when champion.n_segments = 1 then 'the champion has no segments to protect'
            when '{{ promotion }}' = 'always' then 'seg_promotion is always'
        end as reason_to_promote,
        case
            when '{{ promotion }}' = 'ask' then 'seg_promotion is ask: a person decides'
            when measured.renamed_share > {{ dbt_segmentation.seg_var('seg_max_renamed_share') }}
                then {{ dbt.concat([
                    "'cost of change: '", told_percent('measured.renamed_share'), "' of the customers would be in a segment of another key, '",
                    told_percent(dbt_segmentation.seg_var('seg_max_renamed_share')), "' are allowed'"
                ]) }}
            when measured.silhouette_now < measured.champion_silhouette - {{ dbt_segmentation.seg_var('seg_max_quality_loss') }}
                then {{ dbt.concat([
                    "'quality: its silhouette is '", told_number('measured.silhouette_now', 3), "', that of the champion on the same customers '",
                    told_number('measured.champion_silhouette', 3)
                ]) }}
            when
                measured.stability_min < {{ dbt_segmentation.seg_var('seg_stability_min') }}
                and measured.stability_min < champion.stability_min
                then {{ dbt.concat([
                    "'stability: the Jaccard of its weakest segment is '", told_number('measured.stability_min', 2), "', the champion had '",
                    told_number('champion.stability_min', 2)
                ]) }}
            when measured.n_segments > 1 and measured.smallest_segment < {{ dbt_segmentation.seg_var('seg_min_segment_size') }}
                then {{ dbt.concat(["'size: its smallest segment has '", told_number('measured.smallest_segment', 0), "' customers'"]) }}
        end as reason_to_hold
    from measured
    cross join refit_decision
    cross join numbers
    left join measured as champion
        on refit_decision.champion_model_version = champion.model_version
    left join latest_verdicts
        on
            measured.model_version = latest_verdicts.model_version
            and latest_verdicts.recency_rank = 1
    left join last_promoted
        on last_promoted.recency_rank = 1
    where
        latest_verdicts.verdict is null
        or (
            measured.fit_key = refit_decision.fit_key
            and (
                -- settings and data of before are back: so is their model, unless a person has said which it is
                (
                    latest_verdicts.verdict = 'promoted'
                    and measured.model_version <> last_promoted.model_version
                    and last_promoted.decided_by = 'gate'
                )
                -- what was held back is let in
                or (latest_verdicts.verdict = 'held' and '{{ promotion }}' = 'always')
            )
        )

),

given as (

    select
        *,
        case
            when former_verdict is not null or reason_to_promote is not null or reason_to_hold is null then 'promoted'
            else 'held'
        end as verdict,
        coalesce(
            case when former_verdict = 'promoted' then 'these settings and customers had this model before' end,
            reason_to_promote,
            reason_to_hold,
            'quality, stability, smallest segment and cost of change pass'
        ) as reason
    from judged

),

final as (

    select
        -- the model of this run comes last
        numbers.last_number + row_number() over (
            order by case when given.is_of_this_run then 1 else 0 end asc, given.fitted_as_of_date asc, given.model_version asc
        ) as decision_number,
        given.model_version,
        given.verdict,
        given.reason,
        given.champion_model_version,
        {%- for figure in figures %}
        given.{{ figure }},
        {%- endfor %}
        'gate' as decided_by,
        cast({{ dbt.current_timestamp() }} as {{ dbt.type_timestamp() }}) as decided_at,
        run.run_id,
        case when given.is_of_this_run then run.as_of_date else given.fitted_as_of_date end as as_of_date
    from given
    cross join run
    cross join numbers

)

select * from final
