-- One row: the fingerprint of what a fit would see today, and whether a model was already fitted on exactly that.
{%- set config, categories = dbt_segmentation.seg_fit_config(), dbt_segmentation.seg_fit_categories() %}
{%- set texts = categories + (['known_label'] if dbt_segmentation.seg_var('seg_known_label') is not none else []) %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

fit_sample as (

    select
        *,
        {{ dbt_segmentation.seg_key(['customer_id', 'sample_weight'] + dbt_segmentation.seg_fit_features() + texts) }} as row_hash
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
            + ['sum(cast(sample_weight as decimal(28, 12)))', 'sum(cast(sample_weight * sample_weight as decimal(28, 12)))']
            + dbt_segmentation.seg_feature_sums()
            + (dbt_segmentation.seg_hash_sums('row_hash') if texts else [])
        ) }} as sample_hash
    from fit_sample

),

-- the population that the sample is weighted to is a setting of the fit, kept in rows
margins as (

    select {{ dbt_segmentation.seg_listagg(
        dbt_segmentation.seg_key(['dimension', 'category', 'cast(share as decimal(28, 12))'])
    ) }} as margins
    from {{ ref('int_seg__margins') }}

),

keyed as (

    select
        run.as_of_date,
        digest.sample_rows,
        digest.sample_hash,
        {{ dbt.string_literal(dbt.escape_single_quotes(config)) }} as config_json,
        {{ dbt.hash(dbt.concat([dbt.string_literal(dbt.escape_single_quotes(config)), "coalesce(margins.margins, '')"])) }} as config_hash
    from digest
    cross join run
    cross join margins

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
