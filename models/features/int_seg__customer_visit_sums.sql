-- One row per customer and snapshot with a visit by then: the visits of the window summed, and the first and last days of visit and use.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['journey', 'intent', 'usage', 'contextual'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set steps, devices = dbt_segmentation.seg_steps(), dbt_segmentation.seg_devices() %}
{%- set has_usage = dbt_segmentation.seg_family_enabled(['usage']) %}
{%- set summed = [
    'sessions', 'views', 'acts', 'bounces', 'item_sessions', 'cart_sessions', 'checkout_sessions', 'purchase_sessions', 'stage_1_sessions',
    'stage_2_sessions', 'stage_3_sessions', 'stage_4_sessions', 'device_sessions', 'abandoned_carts',
] + devices + steps %}
with

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

session_days as (

    select * from {{ ref('int_seg__customer_session_days') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

{% if has_usage -%}
told_again as (

    select * from {{ ref('int_seg__session_days_told_again') }}

),

{% endif -%}

known as (

    select
        session_days.customer_id,
        snapshots_in_hand.snapshot_date,
        min(session_days.session_day) as first_session_day,
        max(session_days.session_day) as last_session_day,
        min(case when session_days.acts > 0 then session_days.session_day end) as first_active_day,
        max(case when session_days.event_login > 0 then session_days.session_day end) as last_login_day
    from snapshots_in_hand
    inner join session_days
        on
            {{ dbt_segmentation.seg_in_window('session_days.session_day', 'snapshots_in_hand.snapshot_date') }}
            -- a visit is the customer's only from the day on that told whose it was
            and {{ dbt_segmentation.seg_in_window('session_days.known_day', 'snapshots_in_hand.snapshot_date') }}
    group by session_days.customer_id, snapshots_in_hand.snapshot_date

),

recent as (

    select
        session_days.customer_id,
        snapshots_in_hand.snapshot_date,
        {%- for column in summed %}
        {{ dbt_segmentation.seg_sum('session_days.' ~ column) }} as {{ column }},
        {%- endfor %}
        {{ dbt_segmentation.seg_sum_rounded('session_days.dwell_seconds', 1000) }} as dwell_seconds,
        count(case when session_days.acts > 0{{ ' and told_again.customer_id is null' if has_usage }} then 1 end) as active_days,
        {{ dbt_segmentation.seg_value_at('session_days.entry_step', ['session_days.session_day', 'session_days.known_day']) }} as first_step,
        {{ dbt_segmentation.seg_value_at('session_days.exit_step', ['session_days.session_day', 'session_days.known_day'], last=true) }}
            as last_step
    from snapshots_in_hand
    inner join session_days
        on
            {{ dbt_segmentation.seg_in_window('session_days.session_day', 'snapshots_in_hand.snapshot_date', window_days) }}
            and {{ dbt_segmentation.seg_in_window('session_days.known_day', 'snapshots_in_hand.snapshot_date') }}
    {%- if has_usage %}
    left join told_again
        on
            session_days.customer_id = told_again.customer_id
            and session_days.session_day = told_again.session_day
            and session_days.known_day = told_again.known_day
    {%- endif %}
    group by session_days.customer_id, snapshots_in_hand.snapshot_date

),

-- of the steps and devices that have columns of their own, the one met most often; int_seg__customer_favourites has the others
final as (

    select
        known.*,
        {%- for column in summed + ['dwell_seconds', 'first_step', 'last_step'] %}
        recent.{{ column }},
        {%- endfor %}
        {%- for kind, columns in {'step': steps, 'device': devices}.items() %}
        {{ dbt_segmentation.seg_largest(columns, 'recent.') }} as {{ kind }},
        greatest(recent.{{ columns | join(', recent.') }}) as {{ kind }}_times,
        {%- endfor %}
        {%- for step in steps %}
        case when recent.{{ step }} > 0 then 1 else 0 end{{ ' +' if not loop.last else ' as step_kinds,' }}
        {%- endfor %}
        -- of somebody who came before the window it is known that there was none in it
        coalesce(recent.active_days, 0) as active_days
    from known
    left join recent
        on
            known.customer_id = recent.customer_id
            and known.snapshot_date = recent.snapshot_date

)

select * from final
