-- One row per model, stage, feature and component: the registry of every model ever fitted. Appended to, never rewritten.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    tags=['state']
) }}
with

fitted_parameters as (

    select fitted.* from {{ dbt_segmentation.seg_fitted_parameters() }} as fitted

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
    where 1 = 1
    {% if not dbt_segmentation.seg_has_python_models() %}
    -- what an earlier fit left behind is no model of this sample
    and fitted_parameters.model_version in (
        select fitted.model_version from fitted_parameters as fitted
        cross join fit_key as wanted
        where fitted.stage = 'run' and fitted.component = 'decision_key' and fitted.text_value = wanted.fit_key
    )
    {% endif %}
    {% if dbt_segmentation.seg_is_incremental() %}
    and fitted_parameters.model_version not in (select registered.model_version from {{ this }} as registered)
    {% endif %}

)

select * from final
