-- One row per segment key ever given: its name, what to do about it, and whether it is alive.
{%- set texts = dbt_segmentation.seg_overridable_texts() %}
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

-- what people decided, and who
overrides as (

    select
        target_key as segment_key,
        {%- for field in texts + ['merged_into'] %}
        max(case when field = '{{ field }}' then value end) as {{ field }},
        {%- endfor %}
        max(case when field = 'approved' then author end) as approved_by,
        {{ dbt.listagg("case when field <> 'approved' then field end", "', '", 'order by field') }} as overridden_fields,
        {{ dbt.listagg("case when field <> 'approved' then author end", "', '", 'order by field') }} as overridden_by
    from {{ ref('int_seg__segment_overrides') }}
    where target = 'segment' and status = 'in force'
    group by target_key

),

final as (

    select
        ranked.segment_key,
        'segment' as level,
        cast(null as {{ dbt.type_string() }}) as parent_segment_key,
        coalesce(overrides.label_en, archetypes.label_en, {{ dbt.concat(["'Segment '", "replace(ranked.segment_key, 'seg_', '')"]) }}) as label_en,
        coalesce(overrides.label_fr, archetypes.label_fr, {{ dbt.concat(["'Segment '", "replace(ranked.segment_key, 'seg_', '')"]) }}) as label_fr,
        coalesce(overrides.description_en, archetypes.description_en) as description_en,
        coalesce(overrides.description_fr, archetypes.description_fr) as description_fr,
        coalesce(overrides.recommended_action_en, archetypes.recommended_action_en) as recommended_action_en,
        coalesce(overrides.recommended_action_fr, archetypes.recommended_action_fr) as recommended_action_fr,
        ranked.archetype,
        case
            when ranked.verdict = 'held' then 'proposed'
            when ranked.verdict = 'rejected' then 'rejected'
            when not (ranked.is_current_model and ranked.segment_position is not null) then 'retired'
            when overrides.merged_into is not null then 'merged'
            {%- if dbt_segmentation.seg_var('seg_require_approval') %}
            when overrides.approved_by is null then 'proposed'
            {%- endif %}
            else 'active'
        end as status,
        ranked.event,
        ranked.related_segment_keys,
        overrides.approved_by,
        overrides.merged_into as merged_into_segment_key,
        overrides.overridden_fields,
        overrides.overridden_by,
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
    left join overrides
        on ranked.segment_key = overrides.segment_key
    where ranked.recency_rank = 1

)

select * from final
