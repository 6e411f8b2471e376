-- One row per model, segment (or part) of the model before and of this one that share customers of the sample: how much of each they share.
with

run as (

    select * from {{ ref('int_seg__run') }}

),

registry as (

    select registry.* from {{ ref('ml_seg__model_parameters') }} as registry
    cross join run
    -- a day that has passed knows no later models
    where registry.stage = 'succession' and registry.as_of_date <= run.as_of_date

),

counted as (

    select
        model_version,
        as_of_date as fitted_as_of_date,
        feature as from_segment_key,
        component as to_segment_key,
        value as customers,
        sum(value) over (partition by model_version, as_of_date, feature) as from_customers,
        sum(value) over (partition by model_version, as_of_date, component) as to_customers
    from registry

),

final as (

    select
        counted.model_version,
        counted.fitted_as_of_date,
        -- a part has the key of its whole, a dot and a number
        case length(counted.to_segment_key) - length(replace(counted.to_segment_key, '.', ''))
            when 0 then 'segment' when 1 then 'sub_segment' else 'micro_segment'
        end as level,
        counted.from_segment_key,
        counted.to_segment_key,
        cast(counted.customers as {{ dbt.type_bigint() }}) as customers,
        {{ dbt_segmentation.seg_ratio('counted.customers', 'counted.from_customers') }} as share_of_from,
        {{ dbt_segmentation.seg_ratio('counted.customers', 'counted.to_customers') }} as share_of_to,
        {{ dbt_segmentation.seg_ratio(
            'counted.customers', 'counted.from_customers + counted.to_customers - counted.customers'
        ) }} as overlap,
        run.run_id,
        run.as_of_date
    from counted
    cross join run

)

select * from final
