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

merged_segments as (

    select * from {{ ref('int_seg__merged_segments') }}

),

summed as (

    select
        counts.model_version,
        coalesce(merged_segments.merged_into, counts.segment_key) as segment_key,
        counts.feature,
        counts.bin,
        cast(sum(counts.customers) as {{ dbt.type_bigint() }}) as customers
    from counts
    left join merged_segments
        on counts.segment_key = merged_segments.segment_key
    group by counts.model_version, coalesce(merged_segments.merged_into, counts.segment_key), counts.feature, counts.bin

),

final as (

    select
        summed.model_version,
        summed.segment_key,
        summed.feature,
        summed.bin,
        summed.customers,
        -- the middle of the bin; the outer ones, which have no end, are taken to be as wide as their neighbours
        coalesce(
            (lower_edge.edge + upper_edge.edge) / 2,
            upper_edge.edge - coalesce(upper_edge.edge_after - upper_edge.edge, 0) / 2,
            lower_edge.edge + coalesce(lower_edge.edge - lower_edge.edge_before, 0) / 2,
            0
        ) as bin_middle,
        deviations.reference_std
    from summed
    left join edges as lower_edge
        on summed.feature = lower_edge.feature and summed.bin - 1 = lower_edge.edge_number
    left join edges as upper_edge
        on summed.feature = upper_edge.feature and summed.bin = upper_edge.edge_number
    left join deviations
        on summed.feature = deviations.feature

)

select * from final
