-- One row per model and segment, of any level, that it has or that ended by its fit: what the fit told of the segment.
{{ config(materialized='view') }}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

told_models as (

    select distinct memberships.model_version
    from {{ dbt_segmentation.seg_told_memberships() }} as memberships
    cross join run
    where memberships.snapshot_date <= run.as_of_date

),

registry as (

    select registry.*
    from {{ ref('ml_seg__model_parameters') }} as registry
    cross join run
    left join told_models
        on registry.model_version = told_models.model_version
    where
        registry.stage in ('segment', 'sub_segment', 'micro_segment')
        -- a day that has passed knows no later models, but for those that told it
        and (registry.as_of_date <= run.as_of_date or told_models.model_version is not null)

),

current_model as (

    select * from {{ ref('int_seg__current_model') }}

),

model_verdicts as (

    select * from {{ ref('int_seg__model_verdicts') }}

),

told as (

    select
        model_version,
        as_of_date as fitted_as_of_date,
        stage as level,
        feature as segment_key,
        max(case when component = 'parent' then text_value end) as parent_segment_key,
        max(case when component = 'position' then value end) as segment_position,
        cast(max(case when component = 'size' then value end) as {{ dbt.type_bigint() }}) as customers_at_fit,
        max(case when component = 'share' then value end) as share_at_fit,
        max(case when component = 'jaccard' then value end) as stability,
        max(case when component = 'silhouette' then value end) as silhouette,
        max(case when component = 'overlap' then value end) as overlap,
        max(case when component = 'event' then text_value end) as event,
        max(case when component = 'related' then text_value end) as related_segment_keys,
        max(case when component = 'archetype' then text_value end) as archetype,
        {%- for number in (1, 2) %}
        max(case when component = 'trait_{{ number }}' then text_value end) as trait_{{ number }},
        max(case when component = 'trait_{{ number }}_difference' then value end) as trait_{{ number }}_difference,
        {%- endfor %}
        cast(max(case when component = 'cut_parts' then value end) as {{ dbt.type_bigint() }}) as cut_parts,
        max(case when component = 'cut_reason' then text_value end) as cut_reason,
        max(case when component = 'cut_jump' then value end) as cut_jump,
        max(case when component = 'cut_stability' then value end) as cut_stability,
        max(case when component = 'cut_silhouette' then value end) as cut_silhouette,
        max(case when component = 'cut_by_chance' then value end) as cut_silhouette_by_chance
    from registry
    group by model_version, as_of_date, stage, feature

),

cut_models as (

    select distinct model_version
    from told
    where level = 'sub_segment'

),

-- a model of a time without levels: each segment is its only part
uncut as (

    select told.*
    from told
    left join cut_models
        on told.model_version = cut_models.model_version
    where cut_models.model_version is null and told.segment_position is not null

),

of_every_level as (

    select * from told
    {%- for level, key, parent in [
        ('sub_segment', dbt.concat(['segment_key', "'.01'"]), 'segment_key'),
        ('micro_segment', dbt.concat(['segment_key', "'.01.01'"]), dbt.concat(['segment_key', "'.01'"])),
    ] %}
    union all
    select
        model_version,
        fitted_as_of_date,
        '{{ level }}' as level,
        {{ key }} as segment_key,
        {{ parent }} as parent_segment_key,
        segment_position,
        customers_at_fit,
        share_at_fit,
        stability,
        silhouette,
        overlap,
        'born' as event,
        cast(null as {{ dbt.type_string() }}) as related_segment_keys,
        archetype,
        {%- for number in (1, 2) %}
        trait_{{ number }},
        trait_{{ number }}_difference,
        {%- endfor %}
        cut_parts,
        cut_reason,
        cut_jump,
        cut_stability,
        cut_silhouette,
        cut_silhouette_by_chance
    from uncut
    {%- endfor %}

),

final as (

    select
        of_every_level.*,
        current_model.model_version is not null as is_current_model,
        model_verdicts.verdict
    from of_every_level
    left join model_verdicts
        on of_every_level.model_version = model_verdicts.model_version
    left join current_model
        on of_every_level.model_version = current_model.model_version

)

select * from final
