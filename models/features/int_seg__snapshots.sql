-- One row per snapshot date: the last period ends up to the as-of date, and the as-of date itself where no period ends on it.
{%- set period = dbt_segmentation.seg_var('seg_snapshot_period') %}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

first_order as (

    select min(order_day) as first_order_day
    from {{ ref('int_seg__orders') }}

),

first_event as (

    select min(occurred_day) as first_event_day
    from {{ ref('int_seg__events') }}

),

-- the features are of orders: events tell when the data begin only where there is no order
first_day as (

    select coalesce(first_order.first_order_day, first_event.first_event_day) as first_day
    from first_order
    cross join first_event

),

period_ends as (
    {% for back in range(dbt_segmentation.seg_var('seg_snapshot_count')) %}
    select {{ dbt_segmentation.seg_period_end('as_of_date', period, back) }} as snapshot_date
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
        {{ dbt_segmentation.seg_days_later('candidates.snapshot_date', -1 * window_days + 1) }}
        >= first_day.first_day as is_window_complete
    from candidates
    cross join run
    cross join first_day
    where candidates.snapshot_date >= first_day.first_day

)

select * from final
