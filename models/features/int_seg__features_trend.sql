-- One row per customer and snapshot: orders, revenue, visits and messages over several windows, with a weight that fades, and the growth of spend.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['trend'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set half_life = dbt_segmentation.seg_var('seg_decay_half_life_days') %}
{%- set windows = dbt_segmentation.seg_window_features() %}
{%- set no_order = '0' if dbt_segmentation.seg_var('seg_orders_relation') else 'null' %}
{#- no order is no spend, nor is a sum of refunds; orders without amounts are a spend that is not known #}
{%- set spend = {} %}
{%- for name in ['now', 'before'] %}
{%- do spend.update({
    name: 'case when order_days_' ~ name ~ ' = 0 or revenue_' ~ name ~ ' < 0 then 0 else revenue_' ~ name ~ ' end',
}) %}
{%- endfor %}
{#- a visit is the customer's only from the day on that told whose it was #}
{%- set sources = {
    'orders': {'model': ref('int_seg__customer_days'), 'day': 'order_day', 'known': 'order_day', 'measures': {'order_count': 'orders', 'revenue': 'revenue'}},
    'visits': {'model': ref('int_seg__customer_session_days'), 'day': 'session_day', 'known': 'known_day', 'measures': {'session_count': 'sessions'}},
    'messages': {'model': ref('int_seg__customer_touch_days'), 'day': 'touch_day', 'known': 'touch_day', 'measures': {'messages_sent': 'messages_sent'}},
} %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

{% for source, about in sources.items() -%}
{{ source }} as (

    select * from {{ about.model }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

aged_{{ source }} as (

    select
        {{ source }}.customer_id,
        {%- for measure, column in about.measures.items() %}
        {{ source }}.{{ column }} as {{ measure }},
        {%- endfor %}
        {{ dbt.datediff(source ~ '.' ~ about.day, 'snapshots_in_hand.snapshot_date', 'day') }} as age_days,
        snapshots_in_hand.snapshot_date
    from snapshots_in_hand
    inner join {{ source }}
        on
            {{ dbt_segmentation.seg_in_window(source ~ '.' ~ about.day, 'snapshots_in_hand.snapshot_date') }}
            and {{ dbt_segmentation.seg_in_window(source ~ '.' ~ about.known, 'snapshots_in_hand.snapshot_date') }}

),

summed_{{ source }} as (

    select
        customer_id,
        {%- for feature, window in windows.items() if window.measure in about.measures %}
        {%- set faded = window.measure ~ ' * power(0.5, cast(age_days as ' ~ dbt_segmentation.seg_type('double') ~ ') / ' ~ half_life ~ ')' %}
        {%- set value = faded if window.days == 'decayed' else window.measure if window.days == 'life'
            else 'case when ' ~ dbt_segmentation._seg_age_in_window('age_days', window.days) ~ ' then ' ~ window.measure ~ ' end' %}
        {#- what has faded is summed in millionths of money, in billionths of a contact #}
        {%- set scale = (1000000 if window.measure == 'revenue' else 1000000000) if window.days == 'decayed' else 10000 if window.measure == 'revenue' %}
        {{ dbt_segmentation.seg_sum_rounded(value, scale) if scale else dbt_segmentation.seg_sum(value) }} as {{ feature }},
        {%- endfor %}
        {%- if source == 'orders' %}
        {%- set is_now = dbt_segmentation._seg_age_in_window('age_days', window_days) %}
        {%- set is_either = dbt_segmentation._seg_age_in_window('age_days', 2 * window_days) %}
        {%- for name, is_in in {'now': is_now, 'before': is_either ~ ' and not ' ~ is_now}.items() %}
        count(case when {{ is_in }} then 1 end) as order_days_{{ name }},
        {{ dbt_segmentation.seg_sum_rounded('case when ' ~ is_in ~ ' then revenue end') }} as revenue_{{ name }},
        {%- endfor %}
        max(age_days) as first_order_age,
        {%- endif %}
        snapshot_date
    from aged_{{ source }}
    group by customer_id, snapshot_date

),

{% endfor -%}

final as (

    select
        customer_snapshots.customer_id,
        {%- for feature, window in windows.items() %}
        {%- if window.measure == 'revenue' %}
        case
            when coalesce(summed_orders.order_count_{{ window.days }}{{ '' if window.days is string else 'd' }}, 0) = 0 then {{ no_order }}
            else summed_orders.{{ feature }}
        end as {{ feature }},
        {%- else %}
        {{ {'order_count': 'summed_orders', 'session_count': 'summed_visits', 'messages_sent': 'summed_messages'}[window.measure] }}.{{ feature }},
        {%- endif %}
        {%- endfor %}
        -- from -1, stopped, to 1, began again; of somebody who was not yet a customer when the earlier window began nothing is told
        case
            when summed_orders.first_order_age >= {{ 2 * window_days - 1 }}
                then {{ dbt_segmentation.seg_ratio(spend.now ~ ' - ' ~ spend.before, spend.now ~ ' + ' ~ spend.before) }}
        end as spend_growth,
        customer_snapshots.snapshot_date
    from customer_snapshots
    left join summed_orders
        on
            customer_snapshots.customer_id = summed_orders.customer_id
            and customer_snapshots.snapshot_date = summed_orders.snapshot_date
    left join summed_visits
        on
            customer_snapshots.customer_id = summed_visits.customer_id
            and customer_snapshots.snapshot_date = summed_visits.snapshot_date
    left join summed_messages
        on
            customer_snapshots.customer_id = summed_messages.customer_id
            and customer_snapshots.snapshot_date = summed_messages.snapshot_date

)

select * from final
