-- One row: the first and the last day that the calendar has to cover.
with

run as (

    select * from {{ ref('int_seg__run') }}

),

days as (

    select min(order_day) as first_day
    from {{ ref('int_seg__orders') }}
    union all
    select min(occurred_day) as first_day
    from {{ ref('int_seg__events') }}

),

final as (

    select
        -- ten years are enough: one order dated 1970 must not make a calendar of half a century
        greatest(
            coalesce(min(days.first_day), run.as_of_date),
            {{ dbt_segmentation.seg_days_later('run.as_of_date', -3660) }}
        ) as first_day,
        run.as_of_date as last_day
    from run
    cross join days
    where run.as_of_date is not null
    group by run.as_of_date

)

select * from final
