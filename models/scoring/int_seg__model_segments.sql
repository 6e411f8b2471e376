-- One row per model and segment that it has or that ended by its fit: what the fit told of the segment.
{{ config(materialized='view') }}
with

registry as (

    select * from {{ ref('ml_seg__model_parameters') }}
    where stage = 'segment'

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
        feature as segment_key,
        max(case when component = 'position' then value end) as segment_position,
        cast(max(case when component = 'size' then value end) as {{ dbt.type_bigint() }}) as customers_at_fit,
        max(case when component = 'share' then value end) as share_at_fit,
        max(case when component = 'jaccard' then value end) as stability,
        max(case when component = 'overlap' then value end) as overlap,
        max(case when component = 'event' then text_value end) as event,
        max(case when component = 'related' then text_value end) as related_segment_keys,
        max(case when component = 'archetype' then text_value end) as archetype
    from registry
    group by model_version, as_of_date, feature

),

final as (

    select
        told.*,
        current_model.model_version is not null as is_current_model,
        model_verdicts.verdict
    from told
    left join model_verdicts
        on told.model_version = model_verdicts.model_version
    left join current_model
        on told.model_version = current_model.model_version

)

select * from final
