-- One row per segment key ever given: its name, what to do about it, and whether it is alive.
with

registry as (

    select * from {{ ref('ml_seg__model_parameters') }}
    where stage = 'segment'

),

current_model as (

    select * from {{ ref('int_seg__current_model') }}

),

archetypes as (

    select * from {{ ref('seg_segment_archetypes') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

by_model as (

    select
        feature as segment_key,
        model_version,
        as_of_date,
        max(case when component = 'position' then value end) as segment_position,
        max(case when component = 'size' then value end) as customers_at_fit,
        max(case when component = 'share' then value end) as share_at_fit,
        max(case when component = 'jaccard' then value end) as stability,
        max(case when component = 'event' then text_value end) as event,
        max(case when component = 'related' then text_value end) as related_segment_keys,
        max(case when component = 'archetype' then text_value end) as archetype
    from registry
    group by feature, model_version, as_of_date

),

ranked as (

    select
        by_model.*,
        current_model.model_version is not null as is_current,
        row_number() over (
            partition by by_model.segment_key
            -- the model that scores today has the say, then the newest; of what ended before, the one that it ended with
            order by
                case when by_model.event = 'gone' then 1 else 0 end asc,
                case when current_model.model_version is null then 1 else 0 end asc,
                by_model.as_of_date desc,
                by_model.model_version asc
        ) as recency_rank
    from by_model
    left join current_model
        on by_model.model_version = current_model.model_version

),

final as (

    select
        ranked.segment_key,
        'segment' as level,
        cast(null as {{ dbt.type_string() }}) as parent_segment_key,
        coalesce(archetypes.label_en, {{ dbt.concat(["'Segment '", "replace(ranked.segment_key, 'seg_', '')"]) }}) as label_en,
        coalesce(archetypes.label_fr, {{ dbt.concat(["'Segment '", "replace(ranked.segment_key, 'seg_', '')"]) }}) as label_fr,
        archetypes.description_en,
        archetypes.description_fr,
        archetypes.recommended_action_en,
        archetypes.recommended_action_fr,
        ranked.archetype,
        case when ranked.is_current and ranked.segment_position is not null then 'active' else 'retired' end as status,
        ranked.event,
        ranked.related_segment_keys,
        cast(null as {{ dbt.type_string() }}) as approved_by,
        cast(ranked.customers_at_fit as {{ dbt.type_bigint() }}) as customers_at_fit,
        ranked.share_at_fit,
        ranked.stability,
        ranked.model_version,
        run.run_id,
        run.as_of_date
    from ranked
    cross join run
    left join archetypes
        on ranked.archetype = archetypes.archetype
    where ranked.recency_rank = 1

)

select * from final
