-- One row per customer and snapshot: orders, revenue, visits and messages over several windows, with a weight that fades, and the growth of spend.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['trend'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set half_life = dbt_segmentation.seg_var('seg_decay_half_life_days') %}
{%- set windows = dbt_segmentation.seg_window_features() %}
{%- set no_order = '0' if dbt_segmentation.seg_var('seg_orders_relation') else 'null' %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

activity_days as (

    select * from {{ ref('int_seg__customer_activity_days') }}

),

seen as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        activity_days.activity_day,
        activity_days.order_count,
        activity_days.revenue,
        activity_days.session_count,
        activity_days.messages_sent,
        {{ dbt.datediff('activity_days.activity_day', 'customer_snapshots.snapshot_date', 'day') }} as age_days
    from customer_snapshots
    inner join activity_days
        on
            customer_snapshots.customer_id = activity_days.customer_id
            and {{ dbt_segmentation.seg_in_window('activity_days.activity_day', 'customer_snapshots.snapshot_date') }}
            -- a visit is the customer's only from the day on that told whose it was
            and {{ dbt_segmentation.seg_in_window('activity_days.known_day', 'customer_snapshots.snapshot_date') }}

),

summed as (

    select
        customer_id,
        {%- for feature, window in windows.items() %}
        {%- if window.days == 'decayed' %}
        {{ dbt_segmentation.seg_exact_sum(window.measure ~ ' * power(0.5, cast(age_days as ' ~ dbt_segmentation.seg_type('double') ~ ') / ' ~ half_life ~ ')') }}
        {%- elif window.days == 'life' %}
        sum({{ window.measure }})
        {%- else %}
        sum(case when age_days < {{ window.days }} then {{ window.measure }} end)
        {%- endif %} as {{ feature }},
        {%- endfor %}
        {%- for name, is_in in {
            'now': 'age_days < ' ~ window_days, 'before': 'age_days >= ' ~ window_days ~ ' and age_days < ' ~ 2 * window_days,
        }.items() %}
        -- no order is no spend; orders without amounts are a spend that is not known
        case
            when sum(case when {{ is_in }} and order_count > 0 then 1 else 0 end) = 0 then 0
            when sum(case when {{ is_in }} then revenue end) < 0 then 0
            else sum(case when {{ is_in }} then revenue end)
        end as spend_{{ name }},
        {%- endfor %}
        max(case when order_count > 0 then age_days end) as first_order_age,
        snapshot_date
    from seen
    group by customer_id, snapshot_date

),

final as (

    select
        customer_snapshots.customer_id,
        {%- for feature, window in windows.items() %}
        {%- if window.measure == 'revenue' %}
        case
            when coalesce(summed.order_count_{{ window.days }}{{ '' if window.days is string else 'd' }}, 0) = 0 then {{ no_order }}
            else summed.{{ feature }}
        end as {{ feature }},
        {%- else %}
        summed.{{ feature }},
        {%- endif %}
        {%- endfor %}
        -- from -1, stopped, to 1, began again; of somebody who was not yet a customer when the earlier window began nothing is told
        case
            when summed.first_order_age >= {{ 2 * window_days - 1 }}
                then {{ dbt_segmentation.seg_ratio('summed.spend_now - summed.spend_before', 'summed.spend_now + summed.spend_before') }}
        end as spend_growth,
        customer_snapshots.snapshot_date
    from customer_snapshots
    left join summed
        on
            customer_snapshots.customer_id = summed.customer_id
            and customer_snapshots.snapshot_date = summed.snapshot_date

)

select * from final
