-- One row per snapshot date: the last period ends up to the as-of date, and the as-of date itself where no period ends on it.
{%- set period = dbt_segmentation.seg_var('seg_snapshot_period') %}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

first_day as (

    select min(order_day) as first_order_day
    from {{ ref('int_seg__orders') }}

),

period_ends as (
    {% for back in range(dbt_segmentation.seg_var('seg_snapshot_count')) %}
    select
        -- the day before a period begins is the end of the one before it
        cast({{ dbt.dateadd('day', -1, dbt.dateadd(period, -back, dbt.date_trunc(period, dbt.dateadd('day', 1, 'as_of_date')))) }} as date)
            as snapshot_date
    from run
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

candidates as (

    select
        snapshot_date,
        false as is_provisional
    from period_ends
    union all
    select
        run.as_of_date as snapshot_date,
        true as is_provisional
    from run
    left join period_ends
        on run.as_of_date = period_ends.snapshot_date
    where period_ends.snapshot_date is null

),

final as (

    select
        candidates.snapshot_date,
        candidates.is_provisional,
        candidates.snapshot_date = run.as_of_date as is_as_of,
        -- features of a window that begins before the data does are not comparable with later ones
        cast({{ dbt.dateadd('day', -1 * window_days + 1, 'candidates.snapshot_date') }} as date)
        >= first_day.first_order_day as is_window_complete
    from candidates
    cross join run
    cross join first_day
    where candidates.snapshot_date >= first_day.first_order_day

)

select * from final
