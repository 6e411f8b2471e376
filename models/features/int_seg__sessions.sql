-- One row per visit: a customer's events of one local day, known since the same day, with no longer pause than seg_session_gap_minutes.
-- A visit ends at midnight: a snapshot of the day before must not know what follows. A column for each step of seg_steps tells how often it was taken.
{{ config(**dbt_segmentation.seg_kept(
    dbt_segmentation.seg_changed_rows('known_day', ['events']), ['journey', 'intent', 'usage', 'trend', 'channel', 'contextual']
)) }}
{%- set gap = dbt_segmentation.seg_var('seg_session_gap_minutes') * 60 %}
{%- set double = dbt_segmentation.seg_type('double') %}
{#- what shows a page to somebody, in place of a page view or beside it #}
{%- set views = ['event_page_view', 'event_view_item', 'event_view_item_list', 'event_content_view', 'event_view_cart'] %}
{#- what tools send by themselves tells nothing of what the visitor did #}
{%- set act = 'case when event_name not in ' ~ dbt_segmentation.seg_automatic_events() ~ ' then event_name end' %}
with

events as (

    select * from {{ ref('int_seg__events') }}
    where {{ dbt_segmentation.seg_rows_to_build('known_day', ['events']) }}

),

-- the other days have one visit, which needs no look at the pauses
longer_days as (

    select
        customer_id,
        occurred_day,
        known_day
    from events
    group by customer_id, occurred_day, known_day
    having {{ dbt.datediff('min(occurred_at)', 'max(occurred_at)', 'second') }} > {{ gap }}

),

placed as (

    select
        events.*,
        longer_days.customer_id is not null as is_longer_day
    from events
    left join longer_days
        on
            events.customer_id = longer_days.customer_id
            and events.occurred_day = longer_days.occurred_day
            and events.known_day = longer_days.known_day

),

paused as (

    select
        *,
        {{ dbt.datediff(
            'lag(occurred_at) over (partition by customer_id, occurred_day, known_day order by occurred_at, event_id)',
            'occurred_at', 'second'
        ) }} as pause_seconds
    from placed
    where is_longer_day

),

numbered as (

    select
        *,
        sum(case when pause_seconds <= {{ gap }} then 0 else 1 end) over (
            partition by customer_id, occurred_day, known_day
            order by occurred_at, event_id
            rows between unbounded preceding and current row
        ) as session_number
    from paused
    union all
    select
        *,
        null as pause_seconds,
        1 as session_number
    from placed
    where not is_longer_day

),

summed as (

    select
        customer_id,
        occurred_day as session_day,
        known_day,
        session_number,
        min(occurred_at) as started_at,
        min(occurred_local) as started_local,
        {{ dbt.datediff('min(occurred_at)', 'max(occurred_at)', 'second') }} as span_seconds,
        {{ dbt_segmentation.seg_sum_rounded('duration_seconds', 1000) }} as duration_seconds,
        count(*) as events,
        count({{ act }}) as acts,
        {%- for step in dbt_segmentation.seg_steps() %}
        count(case when event_name = '{{ step }}' then 1 end) as {{ step }},
        {%- endfor %}
        count(case when event_name = 'event_cart_abandoned' then 1 end) as carts_told_abandoned,
        {{ dbt_segmentation.seg_value_at(act, ['occurred_at', 'event_id']) }} as entry_step,
        {{ dbt_segmentation.seg_value_at(act, ['occurred_at', 'event_id'], last=true) }} as exit_step,
        -- of several devices or networks in a visit, the first in the alphabet: one visit counts once
        min(device) as device,
        min(network) as network
    from numbered
    group by customer_id, occurred_day, known_day, session_number

),

final as (

    select
        *,
        {{ views | join(' + ') }} as views,
        -- what tools measured, or else the time between the first event and the last
        coalesce(duration_seconds, cast(span_seconds as {{ double }})) as dwell_seconds,
        acts <= 1 as is_bounce,
        event_view_item > 0 as has_viewed_item,
        event_add_to_cart > 0 as has_cart,
        event_begin_checkout + event_checkout_step > 0 as has_checkout,
        event_purchase > 0 as has_purchase,
        (event_add_to_cart > 0 or carts_told_abandoned > 0) and event_purchase = 0 as has_abandoned_cart,
        -- how far down the funnel: 1 product, 2 cart, 3 checkout, 4 order
        case
            when event_purchase > 0 then 4
            when event_begin_checkout + event_checkout_step > 0 then 3
            when event_add_to_cart > 0 then 2
            when event_view_item > 0 then 1
            else 0
        end as furthest_stage
    from summed

)

select * from final
