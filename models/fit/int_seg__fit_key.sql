-- One row: the fingerprint of what a fit would see today, and whether a model was already fitted on exactly that.
{%- set config = dbt_segmentation.seg_fit_config() %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

fit_sample as (

    select
        *,
        {{ dbt_segmentation.seg_key(['customer_id'] + dbt_segmentation.seg_features().keys() | list) }} as row_hash
    from {{ ref('int_seg__fit_sample') }}

),

registry as (

    select distinct
        fit_key,
        model_version
    from {{ dbt_segmentation.seg_registry() }}

),

digest as (

    -- exact sums, and the two extreme row hashes for what sums cannot see
    select
        count(*) as sample_rows,
        {{ dbt_segmentation.seg_key(
            ['count(*)', 'min(row_hash)', 'max(row_hash)']
            + dbt_segmentation.seg_feature_sums()
        ) }} as sample_hash
    from fit_sample

),

keyed as (

    select
        run.as_of_date,
        digest.sample_rows,
        digest.sample_hash,
        {{ dbt.string_literal(dbt.escape_single_quotes(config)) }} as config_json,
        {{ dbt.hash(dbt.string_literal(dbt.escape_single_quotes(config))) }} as config_hash
    from digest
    cross join run

),

hashed as (

    select
        *,
        {{ dbt_segmentation.seg_key(['as_of_date', 'sample_hash', 'config_hash']) }} as fit_key
    from keyed

),

final as (

    select
        hashed.*,
        registry.model_version as fitted_model_version
    from hashed
    left join registry
        on hashed.fit_key = registry.fit_key

)

select * from final
