-- One row per segment ('all' for everybody), feature and bin of the current model: its customers in the fit sample, and its middle.
with

registry as (

    select * from {{ ref('ml_seg__model_parameters') }}

),

current_model as (

    select * from {{ ref('int_seg__current_model') }}

),

parameters as (

    select registry.*
    from registry
    inner join current_model
        on registry.model_version = current_model.model_version

),

edges as (

    select
        feature,
        cast(component as {{ dbt.type_int() }}) as edge_number,
        value as edge,
        lag(value) over (partition by feature order by component) as edge_before,
        lead(value) over (partition by feature order by component) as edge_after
    from parameters
    where stage = 'edge'

),

deviations as (

    select
        feature,
        value as reference_std
    from parameters
    where stage = 'reference' and component = 'std'

),

counts as (

    select
        model_version,
        feature,
        {{ dbt.split_part('component', "':'", 1) }} as segment_key,
        case
            when {{ dbt.split_part('component', "':'", 2) }} = 'null' then -1
            else {{ dbt_segmentation.seg_try_cast(dbt.split_part('component', "':'", 2), dbt.type_int()) }}
        end as bin,
        cast(value as {{ dbt.type_bigint() }}) as customers
    from parameters
    where stage = 'histogram'

),

final as (

    select
        counts.model_version,
        counts.segment_key,
        counts.feature,
        counts.bin,
        counts.customers,
        -- the middle of the bin; the outer ones, which have no end, are taken to be as wide as their neighbours
        coalesce(
            (lower_edge.edge + upper_edge.edge) / 2,
            upper_edge.edge - coalesce(upper_edge.edge_after - upper_edge.edge, 0) / 2,
            lower_edge.edge + coalesce(lower_edge.edge - lower_edge.edge_before, 0) / 2,
            0
        ) as bin_middle,
        deviations.reference_std
    from counts
    left join edges as lower_edge
        on counts.feature = lower_edge.feature and counts.bin - 1 = lower_edge.edge_number
    left join edges as upper_edge
        on counts.feature = upper_edge.feature and counts.bin = upper_edge.edge_number
    left join deviations
        on counts.feature = deviations.feature

)

select * from final
