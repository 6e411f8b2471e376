-- One row per customer and snapshot with a visit: how often and how broadly a site or product is used, and since when. For B2B above all.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['usage'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

session_days as (

    select * from {{ ref('int_seg__customer_session_days') }}

),

favourites as (

    select * from {{ ref('int_seg__customer_favourites') }}

),

-- a day has several rows where whose visits they were was told on several days
by_day as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        session_days.session_day,
        {{ dbt_segmentation.seg_in_window('session_days.session_day', 'customer_snapshots.snapshot_date', window_days) }} as is_recent,
        sum(session_days.logins) as logins,
        sum(session_days.acts) as acts
    from customer_snapshots
    inner join session_days
        on
            customer_snapshots.customer_id = session_days.customer_id
            and {{ dbt_segmentation.seg_in_window('session_days.session_day', 'customer_snapshots.snapshot_date') }}
            and {{ dbt_segmentation.seg_in_window('session_days.known_day', 'customer_snapshots.snapshot_date') }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date, session_days.session_day

),

summed as (

    select
        customer_id,
        snapshot_date,
        sum(case when is_recent then logins end) as login_count,
        count(case when is_recent and acts > 0 then 1 end) as active_day_count,
        sum(case when is_recent then acts end) as acts,
        min(case when acts > 0 then session_day end) as first_active_day,
        max(case when logins > 0 then session_day end) as last_login_day
    from by_day
    group by customer_id, snapshot_date

),

final as (

    select
        summed.customer_id,
        summed.snapshot_date,
        summed.login_count,
        summed.active_day_count,
        case when summed.login_count is not null then coalesce(favourites.step_kinds, 0) end as step_kind_count,
        {{ dbt_segmentation.seg_ratio('summed.acts', 'summed.active_day_count') }} as acts_per_active_day,
        {{ dbt.datediff('summed.first_active_day', 'summed.snapshot_date', 'day') }} as usage_days,
        {{ dbt.datediff('summed.last_login_day', 'summed.snapshot_date', 'day') }} as login_recency_days
    from summed
    left join favourites
        on
            summed.customer_id = favourites.customer_id
            and summed.snapshot_date = favourites.snapshot_date

)

select * from final
