-- One row: from which day on this run compares rows with what features were built from, and whether it builds all of them anew, and why.
{%- set settings_hash = dbt_segmentation.seg_features_hash() %}
{%- set lookback_days = dbt_segmentation.seg_var('seg_lookback_days') %}
{%- set given_reason = "'features are not kept on this engine'" if not dbt_segmentation.seg_keeps_features()
    else "'--full-refresh'" if flags.FULL_REFRESH
    else "'tables of features are missing'" if not dbt_segmentation.seg_kept_tables_exist()
    else 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

built as (

    select
        max(day) as as_of_date,
        max(settings_hash) as settings_hash
    from {{ dbt_segmentation.seg_built_days() }}
    where input = 'run'

),

project_currency as (

    select * from {{ ref('stg_seg__project_currency') }}

),

lists as (

    select {{ dbt_segmentation.seg_lists_digest() }} as lists_digest

),

facts as (

    select
        run.as_of_date,
        built.as_of_date as built_as_of_date,
        built.settings_hash as built_settings_hash,
        {{ dbt.concat(["'" ~ settings_hash ~ "-'", 'lists.lists_digest', "'-'", "coalesce(project_currency.currency, '')"]) }} as settings_hash
    from run
    cross join built
    cross join lists
    cross join project_currency

),

reasons as (

    select
        *,
        case
            when {{ given_reason }} is not null then {{ given_reason }}
            when built_as_of_date is null then 'nothing was built yet'
            when built_settings_hash <> settings_hash then 'settings, lists or the package have changed'
        end as rebuild_reason
    from facts

),

final as (

    select
        as_of_date,
        settings_hash,
        rebuild_reason,
        rebuild_reason is not null as is_rebuild,
        -- a run that comes late looks back from the last one, or it would miss the days between
        case
            when rebuild_reason is not null or {{ dbt_segmentation.seg_var('seg_reconcile') | string | lower }} then cast('1900-01-01' as date)
            else {{ dbt_segmentation.seg_days_later('least(as_of_date, built_as_of_date)', -1 * lookback_days) }}
        end as compared_from
    from reasons

)

select * from final
