-- One row per condition that somebody should look at: how grave, what happened, what to do, and since when.
with

judged_checks as (

    select * from {{ ref('int_seg__judged_checks') }}
    where verdict in ('warning', 'stop')

),

run as (

    select * from {{ ref('int_seg__run') }}

),

told as (

    select check_history.*
    from {{ ref('int_seg__check_history') }} as check_history
    cross join run
    where check_history.as_of_date <= run.as_of_date

),

-- days on which checks were made, the newest first
days as (

    select
        as_of_date,
        row_number() over (order by as_of_date desc) as days_back
    from told
    group by as_of_date

),

failed as (

    select
        told.check_key,
        told.as_of_date,
        days.days_back,
        row_number() over (partition by told.check_key order by told.as_of_date desc) as failures_back
    from told
    inner join days
        on told.as_of_date = days.as_of_date
    where told.verdict in ('warning', 'stop')

),

-- a day without the alert ends it: what comes back is a new one
lasting as (

    select
        check_key,
        min(as_of_date) as first_seen
    from failed
    where days_back = failures_back
    group by check_key

),

final as (

    select
        judged_checks.check_key as alert_key,
        judged_checks.verdict as severity,
        judged_checks.category,
        {{ dbt.concat(['judged_checks.input', "case when judged_checks.field = 'all' then '' else '.' || judged_checks.field end"]) }} as subject,
        judged_checks.message as what_happened,
        judged_checks.how_to_correct as what_to_do,
        judged_checks.value,
        case when judged_checks.verdict = 'stop' then judged_checks.threshold_stop else judged_checks.threshold_warn end as threshold,
        coalesce(lasting.first_seen, run.as_of_date) as first_seen,
        run.run_id,
        run.as_of_date
    from judged_checks
    cross join run
    left join lasting
        on judged_checks.check_key = lasting.check_key

)

select * from final
