-- One row per model and node of its tree: micro-segments are the leaves, everybody is the root.
with

registry as (

    select * from {{ ref('ml_seg__model_parameters') }}
    where stage = 'tree'

),

model_segments as (

    select * from {{ ref('int_seg__model_segments') }}

),

current_model as (

    select * from {{ ref('int_seg__current_model') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

nodes as (

    select
        model_version,
        as_of_date as fitted_as_of_date,
        feature as node,
        max(case when component = 'parent' then text_value end) as parent_node,
        max(case when component = 'level' then text_value end) as level,
        max(case when component = 'key' then text_value end) as segment_key,
        max(case when component = 'height' then value end) as height,
        cast(max(case when component = 'size' then value end) as {{ dbt.type_bigint() }}) as customers_at_fit
    from registry
    group by model_version, as_of_date, feature

),

final as (

    select
        nodes.model_version,
        nodes.fitted_as_of_date,
        nodes.node,
        nodes.parent_node,
        nodes.level,
        nodes.segment_key,
        nodes.height,
        nodes.customers_at_fit,
        -- of the segments and sub-segments, which are cut
        model_segments.cut_parts,
        model_segments.cut_reason,
        model_segments.cut_jump,
        model_segments.cut_stability,
        model_segments.cut_silhouette,
        model_segments.cut_silhouette_by_chance,
        coalesce(nodes.model_version = current_model.model_version, false) as is_current_model,
        run.run_id,
        run.as_of_date
    from nodes
    -- a day that has passed knows no later models
    inner join run
        on nodes.fitted_as_of_date <= run.as_of_date
    left join current_model
        on nodes.model_version = current_model.model_version
    left join model_segments
        on
            nodes.model_version = model_segments.model_version
            and nodes.fitted_as_of_date = model_segments.fitted_as_of_date
            and nodes.segment_key = model_segments.segment_key

)

select * from final
