-- One row per comparison, input, field and category: how often it occurs on both sides.
-- Compared are the as-of snapshot with the one before (first side: the earlier), and what is not used of an input with what is.
-- Ephemeral: one side holds what people sent who may not be profiled, and a value that is rare is theirs. Only distances are stored.
{{ config(materialized='ephemeral') }}
{%- set demographics = ['age_band', 'country_code', 'customer_type', 'gender', 'income_band', 'sector'] %}
with

customers as (

    select * from {{ ref('int_seg__customers') }}

),

known_customers as (

    select * from {{ ref('int_seg__known_customers') }}

),

read_customers as (

    select * from {{ ref('int_seg__read_customers') }}

),

read_orders as (

    select
        channel,
        count(*) as n_read
    from {{ ref('stg_seg__orders') }}
    where channel is not null
    group by channel

),

orders as (

    select * from {{ ref('int_seg__checked_orders') }}
    where row_status = 'used'

),

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

days as (

    select
        max(case when snapshots.snapshot_date < run.as_of_date then snapshots.snapshot_date end) as previous_date,
        max(run.as_of_date) as current_date_compared
    from snapshots
    cross join {{ ref('int_seg__run') }} as run

),

known as (

    select
        customers.*,
        compared.snapshot_date = days.current_date_compared as is_current
    from customers
    inner join known_customers
        on customers.customer_id = known_customers.customer_id
    inner join snapshots as compared
        on {{ dbt_segmentation.seg_in_window('known_customers.known_since', 'compared.snapshot_date') }}
    inner join days
        on compared.snapshot_date in (days.current_date_compared, days.previous_date)
    where days.previous_date is not null

),

used_channels as (

    select
        channel,
        count(*) as n_used
    from orders
    where channel is not null
    group by channel

),

final as (
    {% for field in demographics %}
    select
        'previous' as comparison,
        'customers' as input,
        '{{ field }}' as field,
        {{ field }} as category,
        count(case when not is_current then 1 end) as n_first,
        count(case when is_current then 1 end) as n_second
    from known
    where {{ field }} is not null
    group by {{ field }}
    union all
    {%- endfor %}
    -- orders since the snapshot before, beside those of the window that ended with it
    select
        'previous' as comparison,
        'orders' as input,
        'channel' as field,
        orders.channel as category,
        count(case when orders.order_day <= days.previous_date then 1 end) as n_first,
        count(case when orders.order_day > days.previous_date then 1 end) as n_second
    from orders
    cross join days
    where
        orders.channel is not null
        and orders.order_day > {{ dbt.dateadd('day', -1 * dbt_segmentation.seg_var('seg_window_days'), 'days.previous_date') }}
    group by orders.channel
    {%- for field in ['country_code', 'customer_type', 'gender'] %}
    union all
    select
        'source' as comparison,
        'customers' as input,
        '{{ field }}' as field,
        {{ field }} as category,
        count(case when row_status <> 'used' then 1 end) as n_first,
        count(case when row_status = 'used' then 1 end) as n_second
    from read_customers
    where {{ field }} is not null
    group by {{ field }}
    {%- endfor %}
    union all
    select
        'source' as comparison,
        'orders' as input,
        'channel' as field,
        read_orders.channel as category,
        read_orders.n_read - coalesce(used_channels.n_used, 0) as n_first,
        coalesce(used_channels.n_used, 0) as n_second
    from read_orders
    left join used_channels
        on read_orders.channel = used_channels.channel

)

select * from final
