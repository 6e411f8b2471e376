-- One row per contact of int_seg__customer_channel_days that the snapshots of this run can see: whether it changed the channel, and whether
-- an order had a visit or message before it.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['channel'])) }}
{#- nothing further back than this is looked at, so that a run needs no more days than its windows and this #}
{%- set path_days, assist_days = 30, 7 %}
{%- set reach = dbt_segmentation.seg_var('seg_window_days') + path_days %}
{#- messages come before visits and visits before orders of the same day: orders have no other order among days -#}
{%- set in_order = 'partition by customer_id order by contact_day, kind_place, channel' %}
with

channel_days as (

    select
        *,
        case kind when 'message' then 1 when 'visit' then 2 else 3 end as kind_place
    from {{ ref('int_seg__customer_channel_days') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

span as (

    select
        {{ dbt_segmentation.seg_days_later('min(snapshot_date)', -1 * reach) }} as first_day,
        max(snapshot_date) as last_day
    from {{ ref('int_seg__snapshots_to_build') }}

),

seen as (

    select channel_days.*
    from channel_days
    inner join span
        on channel_days.contact_day > span.first_day and channel_days.contact_day <= span.last_day

),

placed as (

    select
        *,
        {%- for kind in ['message', 'visit'] %}
        max(case when kind = '{{ kind }}' then contact_day end) over (
            {{ in_order }} rows between unbounded preceding and 1 preceding
        ) as last_{{ kind }}_day,
        {%- endfor %}
        lag(channel) over ({{ in_order }}) as previous_channel,
        lag(contact_day) over ({{ in_order }}) as previous_day
    from seen

),

final as (

    select
        customer_id,
        contact_day,
        kind,
        kind_place,
        channel,
        contacts,
        case
            when {{ dbt.datediff('previous_day', 'contact_day', 'day') }} <= {{ path_days }}
                then case when channel = previous_channel then 0 else 1 end
        end as switches,
        case
            when kind <> 'order' then null
            when {{ dbt.datediff('last_message_day', 'contact_day', 'day') }} <= {{ assist_days }} then contacts
            -- a visit comes before every order on the web, and leads to it by itself
            when channel <> 'web' and {{ dbt.datediff('last_visit_day', 'contact_day', 'day') }} <= {{ assist_days }} then contacts
            else 0
        end as assisted_orders
    from placed

)

select * from final
