-- One row per check and as-of date: what it said then. Remembered, so that a figure has one before it and an alert a first day.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of_date',
    full_refresh=dbt_segmentation.seg_full_refresh(),
    tags=['state']
) }}
with

judged_checks as (

    select * from {{ ref('int_seg__judged_checks') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    -- the last build of a day's data counts
    select
        judged_checks.check_key,
        judged_checks.category,
        judged_checks.value,
        judged_checks.n,
        judged_checks.verdict,
        run.run_id,
        run.as_of_date
    from judged_checks
    cross join run
    where run.as_of_date is not null

)

select * from final
