-- Fails for a snapshot and segment whose change is not the sum of its causes, to the last customer and to the last digit of the share; that does
-- not start from what was told of the snapshot before; or that does not end in the customers that are told now.
{%- set causes = dbt_segmentation.seg_share_causes() %}
with

share_drift as (

    select
        *,
        {{ causes | join(' + ') }} as explained,
        {% for cause in causes %}share_change_by_{{ cause }}{{ ' + ' if not loop.last }}{% endfor %} as explained_share
    from {{ ref('fct_seg__segment_share_drift') }}

),

told_before as (

    select
        snapshot_date,
        segment_key,
        customers
    from {{ ref('int_seg__share_changes') }}
    where not is_provisional and snapshot_period = '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}'

),

-- a snapshot that was told anew since has another figure than the one it was compared with
remembered as (

    select distinct snapshot_date
    from told_before

),

told_now as (

    select
        segment_key,
        count(*) as customers
    from {{ ref('fct_seg__customer_segments') }}
    group by segment_key

)

select
    share_drift.snapshot_date,
    share_drift.segment_key,
    share_drift.customers,
    share_drift.previous_customers,
    share_drift.explained,
    told_before.customers as told_before,
    told_now.customers as told_now
from share_drift
left join told_before
    on
        share_drift.previous_snapshot_date = told_before.snapshot_date
        and share_drift.segment_key = told_before.segment_key
left join remembered
    on share_drift.previous_snapshot_date = remembered.snapshot_date
left join told_now
    on share_drift.segment_key = told_now.segment_key
where
    share_drift.customers - share_drift.previous_customers <> share_drift.explained
    or abs(share_drift.share_change - share_drift.explained_share) > 1e-12
    or (
        share_drift.snapshot_date = share_drift.as_of_date
        and remembered.snapshot_date is not null
        and share_drift.previous_customers <> coalesce(told_before.customers, 0)
    )
    or (share_drift.snapshot_date = share_drift.as_of_date and share_drift.customers <> coalesce(told_now.customers, 0))
