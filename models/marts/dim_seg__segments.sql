-- One row per segment key ever given: its name, what to do about it, and whether it is alive.
with

model_segments as (

    select * from {{ ref('int_seg__model_segments') }}

),

archetypes as (

    select * from {{ ref('seg_segment_archetypes') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by segment_key
            -- an end is told by the model that brought it; else the model that scores today has the say, then the newest
            order by
                -- what a model tells that never was a champion counts only for segments that no other knows
                case when verdict = 'promoted' then 0 else 1 end asc,
                case when event = 'gone' then 1 else 0 end asc,
                case when is_current_model then 0 else 1 end asc,
                fitted_as_of_date desc,
                case when segment_position is null then 0 else 1 end asc,
                model_version asc
        ) as recency_rank
    from model_segments

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
        case
            when ranked.verdict = 'held' then 'proposed'
            when ranked.verdict = 'rejected' then 'rejected'
            when ranked.is_current_model and ranked.segment_position is not null then 'active'
            else 'retired'
        end as status,
        ranked.event,
        ranked.related_segment_keys,
        cast(null as {{ dbt.type_string() }}) as approved_by,
        ranked.customers_at_fit,
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
