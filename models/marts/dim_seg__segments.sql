-- One row per segment key ever given, of any level: its name, what to do about it, and whether it is alive.
{%- set texts = dbt_segmentation.seg_overridable_texts() %}
with

model_segments as (

    select * from {{ ref('int_seg__model_segments') }}

),

archetypes as (

    select * from {{ ref('seg_segment_archetypes') }}

),

feature_catalogue as (

    select
        feature,
        label_en,
        label_fr
    from {{ ref('int_seg__feature_catalogue') }}

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
                case when event = 'gone' then 1 else 0 end asc,
                -- what a model tells that never was a champion counts only for segments that no other knows
                case when verdict = 'promoted' then 0 else 1 end asc,
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

latest as (

    select
        ranked.*,
        {{ dbt_segmentation.seg_split_part('ranked.segment_key', "'.'", 1) }} as root_segment_key,
        count(*) over (partition by ranked.level, ranked.parent_segment_key, ranked.model_version) as siblings
    from ranked
    -- of a key that only a later model told, a day that has passed knows no more than that it is taken
    where ranked.recency_rank = 1 and ranked.event <> 'gone'

),

-- what set a part apart when it was told last: an end tells nothing of that
told_traits as (

    select
        segment_key,
        trait_1,
        trait_1_difference,
        trait_2,
        trait_2_difference,
        row_number() over (
            partition by segment_key
            order by
                case when segment_position is null then 1 else 0 end asc,
                -- what a challenger sees in a part that the champion has too is no name yet
                case when verdict = 'promoted' then 0 else 1 end asc,
                case when is_current_model then 0 else 1 end asc,
                fitted_as_of_date desc,
                model_version asc
        ) as recency_rank
    from model_segments

),

-- what sets a part apart from its whole
parts as (

    select
        latest.segment_key,
        {{ dbt_segmentation.seg_part_text('en') }} as text_en,
        {{ dbt_segmentation.seg_part_text('fr') }} as text_fr
    from latest
    inner join told_traits
        on
            latest.segment_key = told_traits.segment_key
            and told_traits.recency_rank = 1
    left join feature_catalogue as trait_1
        on told_traits.trait_1 = trait_1.feature
    left join feature_catalogue as trait_2
        on told_traits.trait_2 = trait_2.feature
    where latest.level <> 'segment'

),

final as (

    select
        latest.segment_key,
        latest.level,
        -- a part goes with its whole where people merge it
        case when latest.level = 'sub_segment' then coalesce(root_overrides.merged_into, latest.parent_segment_key) else latest.parent_segment_key end
            as parent_segment_key,
        {%- for language in ['en', 'fr'] %}
        {%- set root = "coalesce(root_overrides.label_%s, archetypes.label_%s, %s)" % (
            language, language, dbt.concat(["'Segment '", "replace(latest.root_segment_key, 'seg_', '')"])
        ) %}
        coalesce(
            overrides.label_{{ language }},
            {{ dbt.concat([
                root,
                "case when sub_part.text_%s is not null then ': ' else '' end" % language, "coalesce(sub_part.text_%s, '')" % language,
                "case when micro_part.text_%s is not null then ' / ' else '' end" % language, "coalesce(micro_part.text_%s, '')" % language,
            ]) }}
        ) as label_{{ language }},
        {%- endfor %}
        -- an archetype describes the whole
        coalesce(overrides.description_en, case when latest.level = 'segment' then archetypes.description_en end) as description_en,
        coalesce(overrides.description_fr, case when latest.level = 'segment' then archetypes.description_fr end) as description_fr,
        coalesce(overrides.recommended_action_en, root_overrides.recommended_action_en, archetypes.recommended_action_en) as recommended_action_en,
        coalesce(overrides.recommended_action_fr, root_overrides.recommended_action_fr, archetypes.recommended_action_fr) as recommended_action_fr,
        root.archetype,
        case
            when latest.verdict = 'held' then 'proposed'
            when latest.verdict = 'rejected' then 'rejected'
            when not (latest.is_current_model and latest.segment_position is not null) then 'retired'
            when overrides.merged_into is not null then 'merged'
            {%- if dbt_segmentation.seg_var('seg_require_approval') %}
            -- who approves a segment approves its parts
            when root_overrides.approved_by is null then 'proposed'
            {%- endif %}
            else 'active'
        end as status,
        latest.event,
        latest.related_segment_keys,
        root_overrides.approved_by,
        overrides.merged_into as merged_into_segment_key,
        overrides.overridden_fields,
        overrides.overridden_by,
        latest.customers_at_fit,
        latest.share_at_fit,
        latest.stability,
        latest.silhouette,
        latest.model_version,
        run.run_id,
        run.as_of_date
    from latest
    cross join run
    inner join latest as root
        on latest.root_segment_key = root.segment_key
    left join archetypes
        on root.archetype = archetypes.archetype
    left join overrides
        on latest.segment_key = overrides.segment_key
    left join overrides as root_overrides
        on latest.root_segment_key = root_overrides.segment_key
    left join parts as sub_part
        on sub_part.segment_key = case when latest.level = 'micro_segment' then latest.parent_segment_key else latest.segment_key end
    left join parts as micro_part
        on
            latest.segment_key = micro_part.segment_key
            and latest.level = 'micro_segment'

)

select * from final
