-- One row per model, stage, feature and component: the registry of every model ever fitted. Appended to, never rewritten.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    tags=['state']
) }}
with

fitted_parameters as (

    select * from {{ ref('ml_seg__fitted_parameters') }}

),

fit_key as (

    select * from {{ ref('int_seg__fit_key') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        fitted_parameters.model_version,
        fit_key.fit_key,
        fit_key.config_hash,
        fitted_parameters.stage,
        fitted_parameters.feature,
        fitted_parameters.component,
        fitted_parameters.value,
        fitted_parameters.text_value,
        cast({{ dbt.current_timestamp() }} as {{ dbt.type_timestamp() }}) as registered_at,
        run.run_id,
        run.as_of_date
    from fitted_parameters
    cross join fit_key
    cross join run
    {% if dbt_segmentation.seg_is_incremental() %}
    where fitted_parameters.model_version not in (select registered.model_version from {{ this }} as registered)
    {% endif %}

)

select * from final
