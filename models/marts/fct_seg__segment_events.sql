-- One row per model and segment that it has or that ended with it: what became of the segment at that fit.
with

registry as (

    select * from {{ ref('ml_seg__model_parameters') }}
    where stage = 'segment'

),

current_model as (

    select * from {{ ref('int_seg__current_model') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

by_model as (

    select
        model_version,
        as_of_date as fitted_as_of_date,
        feature as segment_key,
        max(case when component = 'event' then text_value end) as event,
        max(case when component = 'related' then text_value end) as related_segment_keys,
        max(case when component = 'overlap' then value end) as overlap,
        max(case when component = 'size' then value end) as customers_at_fit
    from registry
    group by model_version, as_of_date, feature

),

final as (

    select
        by_model.model_version,
        by_model.fitted_as_of_date,
        by_model.segment_key,
        by_model.event,
        by_model.related_segment_keys,
        by_model.overlap,
        cast(by_model.customers_at_fit as {{ dbt.type_bigint() }}) as customers_at_fit,
        current_model.model_version is not null as is_current_model,
        run.run_id,
        run.as_of_date
    from by_model
    cross join run
    left join current_model
        on by_model.model_version = current_model.model_version
    -- what ended at an earlier fit is told there
    where by_model.event <> 'gone'

)

select * from final
