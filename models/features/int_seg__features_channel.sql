-- One row per customer and snapshot with a contact in the window: through how many channels, from which to which, and what came before orders.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['channel'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set channels = ['web', 'store', 'phone', 'app', 'email', 'sms', 'post', 'push', 'social', 'other'] %}
{#- without visits and messages nobody knows what came before an order -#}
{%- set has_before = dbt_segmentation.seg_var('seg_events_relation') or dbt_segmentation.seg_var('seg_campaign_touches_relation') %}
with

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

steps as (

    select * from {{ ref('int_seg__customer_channel_steps') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

summed as (

    select
        steps.customer_id,
        snapshots_in_hand.snapshot_date,
        {%- for channel in channels %}
        max(case when steps.channel = '{{ channel }}' then 1 else 0 end){{ ' +' if not loop.last else ' as channel_count,' }}
        {%- endfor %}
        count(steps.switches) as steps,
        {{ dbt_segmentation.seg_sum('steps.switches') }} as switches,
        {{ dbt_segmentation.seg_sum("case when steps.kind = 'order' then steps.contacts end") }} as orders,
        {{ dbt_segmentation.seg_sum("case when steps.kind = 'order' and steps.channel = 'store' then steps.contacts else 0 end") }} as store_orders,
        {{ dbt_segmentation.seg_sum('steps.assisted_orders') }} as assisted_orders,
        -- as the path goes
        {{ dbt_segmentation.seg_value_at('steps.channel', ['steps.contact_day', 'steps.kind_place', 'steps.channel']) }} as first_channel,
        {{ dbt_segmentation.seg_value_at('steps.channel', ['steps.contact_day', 'steps.kind_place', 'steps.channel'], last=true) }} as last_channel
    from snapshots_in_hand
    inner join steps
        on {{ dbt_segmentation.seg_in_window('steps.contact_day', 'snapshots_in_hand.snapshot_date', window_days) }}
    group by steps.customer_id, snapshots_in_hand.snapshot_date

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
