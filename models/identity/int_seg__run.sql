-- One row: this run. The only source of run_id and as_of_date.
{%- set given = dbt_segmentation.seg_var('seg_as_of_date') %}
{%- set as_of_date = "cast('" ~ given ~ "' as date)" if given else 'cast(null as date)' %}
with

happenings as (

    select {{ dbt_segmentation.seg_local_time('ordered_at') }} as happened_local
    from {{ ref('stg_seg__orders') }}
    union all
    select {{ dbt_segmentation.seg_local_time('occurred_at') }} as happened_local
    from {{ ref('stg_seg__events') }}

),

clock as (

    select cast('{{ modules.datetime.datetime.now(modules.pytz.utc).strftime("%Y-%m-%d") }}' as date) as run_date

),

last_day as (

    select max(cast(happenings.happened_local as date)) as last_day
    from happenings
    cross join clock
    where cast(happenings.happened_local as date) <= clock.run_date

),

-- as the run before left it: tells a repeat of the last day from a day that has passed
last_told as (

    select max(memberships.snapshot_date) as last_told_on
    from {{ dbt_segmentation.seg_told_memberships() }} as memberships

),

final as (

    select
        '{{ invocation_id }}' as run_id,
        coalesce({{ as_of_date }}, last_day.last_day) as as_of_date,
        clock.run_date,
        last_told.last_told_on
    from clock
    cross join last_day
    cross join last_told

)

select * from final
