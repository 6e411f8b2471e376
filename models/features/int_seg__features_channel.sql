-- One row per customer and snapshot with a contact in the window: through how many channels, from which to which, and what came before orders.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['channel'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set channels = ['web', 'store', 'phone', 'app', 'email', 'sms', 'post', 'push', 'social', 'other'] %}
{%- set text = dbt.type_string() %}
{#- without visits and messages nobody knows what came before an order -#}
{%- set has_before = dbt_segmentation.seg_var('seg_events_relation') or dbt_segmentation.seg_var('seg_campaign_touches_relation') %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

steps as (

    select
        *,
        -- a text that sorts as the path goes
        {{ dbt.concat(['cast(contact_day as ' ~ text ~ ')', 'cast(kind_place as ' ~ text ~ ')', 'channel']) }} as place_and_channel
    from {{ ref('int_seg__customer_channel_steps') }}

),

summed as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        {%- for channel in channels %}
        max(case when steps.channel = '{{ channel }}' then 1 else 0 end){{ ' +' if not loop.last else ' as channel_count,' }}
        {%- endfor %}
        count(steps.switches) as steps,
        sum(steps.switches) as switches,
        sum(case when steps.kind = 'order' then steps.contacts end) as orders,
        sum(case when steps.kind = 'order' and steps.channel = 'store' then steps.contacts else 0 end) as store_orders,
        sum(steps.assisted_orders) as assisted_orders,
        substr(min(steps.place_and_channel), 12) as first_channel,
        substr(max(steps.place_and_channel), 12) as last_channel
    from customer_snapshots
    inner join steps
        on
            customer_snapshots.customer_id = steps.customer_id
            and {{ dbt_segmentation.seg_in_window('steps.contact_day', 'customer_snapshots.snapshot_date', window_days) }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date

),

final as (

    select
        customer_id,
        snapshot_date,
        channel_count,
        {{ dbt_segmentation.seg_ratio('switches', 'steps') }} as channel_switch_share,
        {{ dbt_segmentation.seg_ratio('store_orders', 'orders') }} as store_order_share,
        {{ dbt_segmentation.seg_ratio('assisted_orders', 'orders') if has_before else 'cast(null as ' ~ dbt_segmentation.seg_type('double') ~ ')' }}
            as assisted_order_share,
        first_channel,
        last_channel
    from summed

)

select * from final
