-- One row per customer and snapshot with a visit: how often and how broadly a site or product is used, and since when. For B2B above all.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['usage'])) }}
with

visit_sums as (

    select * from {{ ref('int_seg__customer_visit_sums') }}

),

favourites as (

    select * from {{ ref('int_seg__customer_favourites') }}

),

final as (

    select
        visit_sums.customer_id,
        visit_sums.snapshot_date,
        visit_sums.event_login as login_count,
        visit_sums.active_days as active_day_count,
        case when visit_sums.sessions > 0 then visit_sums.step_kinds + coalesce(favourites.step_kinds, 0) end as step_kind_count,
        {{ dbt_segmentation.seg_ratio('visit_sums.acts', 'visit_sums.active_days') }} as acts_per_active_day,
        {{ dbt.datediff('visit_sums.first_active_day', 'visit_sums.snapshot_date', 'day') }} as usage_days,
        {{ dbt.datediff('visit_sums.last_login_day', 'visit_sums.snapshot_date', 'day') }} as login_recency_days
    from visit_sums
    left join favourites
        on
            visit_sums.customer_id = favourites.customer_id
            and visit_sums.snapshot_date = favourites.snapshot_date

)

select * from final
