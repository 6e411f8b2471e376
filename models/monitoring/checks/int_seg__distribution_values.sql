-- One row per comparison, input, field and value: how often it occurs on both sides, for features and amounts.
-- Compared are the as-of snapshot with the one before (first side: the earlier), and what is not used of an input with what is.
-- Ephemeral: one side holds what people sent who may not be profiled, and a value that is rare is theirs. Only distances are stored.
{{ config(materialized='ephemeral') }}
{%- set double = dbt_segmentation.seg_type('double') %}
{%- set features = dbt_segmentation.seg_monitored_features() %}
{%- set revenue = 'coalesce(net_amount, gross_amount - coalesce(discount_amount, 0) - coalesce(refund_amount, 0))' %}
with

drift_sample as (

    select * from {{ ref('int_seg__drift_sample') }}

),

days as (

    select
        max(case when snapshots.snapshot_date = run.as_of_date then snapshots.snapshot_date end) as current_date_compared,
        max(case when snapshots.snapshot_date < run.as_of_date then snapshots.snapshot_date end) as previous_date
    from {{ ref('int_seg__snapshots') }} as snapshots
    cross join {{ ref('int_seg__run') }} as run
    where snapshots.is_window_complete

),

compared as (

    select
        drift_sample.*,
        drift_sample.snapshot_date = days.current_date_compared as is_current
    from drift_sample
    inner join days
        on drift_sample.snapshot_date in (days.current_date_compared, days.previous_date)
    where days.current_date_compared is not null and days.previous_date is not null

),

read_amounts as (

    -- a pass over all orders: whose they are does not matter here
    select
        {{ revenue }} as amount,
        count(*) as n_read
    from {{ ref('stg_seg__orders_in_one_currency') }}
    group by {{ revenue }}

),

used_amounts as (

    select
        revenue as amount,
        count(*) as n_used
    from {{ ref('int_seg__checked_orders') }}
    where row_status = 'used'
    group by revenue

),

final as (
    {% for feature in features %}
    select
        'previous' as comparison,
        'features' as input,
        '{{ feature }}' as field,
        {{ feature }} as value,
        count(case when not is_current then 1 end) as n_first,
        count(case when is_current then 1 end) as n_second
    from compared
    where {{ feature }} is not null
    group by {{ feature }}
    union all
    {%- endfor %}
    select
        'source' as comparison,
        'orders' as input,
        'revenue' as field,
        cast(read_amounts.amount as {{ double }}) as value,
        read_amounts.n_read - coalesce(used_amounts.n_used, 0) as n_first,
        coalesce(used_amounts.n_used, 0) as n_second
    from read_amounts
    left join used_amounts
        on read_amounts.amount = used_amounts.amount
    where read_amounts.amount is not null

)

select * from final
