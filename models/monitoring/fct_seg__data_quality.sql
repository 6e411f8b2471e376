-- One row per check: is the data complete, unique, valid, fresh, credible, like before and like the source; and what to do if not.
with

judged_checks as (

    select * from {{ ref('int_seg__judged_checks') }}
    -- what concerns segments and not data is told in fct_seg__segment_kpis and fct_seg__segment_drift, and as alerts
    where category not in ('segment size', 'drift')

),

run as (

    select * from {{ ref('int_seg__run') }}

),

earlier as (

    select
        check_history.check_key,
        check_history.value as previous_value,
        check_history.as_of_date as previous_as_of_date,
        row_number() over (partition by check_history.check_key order by check_history.as_of_date desc) as recency_rank
    from {{ ref('int_seg__check_history') }} as check_history
    cross join run
    where check_history.as_of_date < run.as_of_date

),

final as (

    select
        judged_checks.check_key,
        judged_checks.category,
        judged_checks.input,
        judged_checks.field,
        judged_checks.metric,
        judged_checks.value,
        judged_checks.worse_when,
        judged_checks.threshold_warn,
        judged_checks.threshold_stop,
        judged_checks.n,
        judged_checks.verdict,
        judged_checks.message,
        judged_checks.how_to_correct,
        earlier.previous_value,
        earlier.previous_as_of_date,
        run.run_id,
        run.as_of_date
    from judged_checks
    cross join run
    left join earlier
        on
            judged_checks.check_key = earlier.check_key
            and earlier.recency_rank = 1

)

select * from final
