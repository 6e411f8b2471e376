-- One row per customer, day, day since which it is known, kind and label: how often a network was met, and a step or device that has no column
-- of its own in int_seg__customer_session_days.
{%- set families = ['journey', 'usage', 'contextual'] %}
{{ config(**dbt_segmentation.seg_kept(dbt_segmentation.seg_changed_rows('known_day', ['events']), families)) }}
with

events as (

    select * from {{ ref('int_seg__events') }}
    where {{ dbt_segmentation.seg_rows_to_build('known_day', ['events']) }}

),

sessions as (

    select * from {{ ref('int_seg__sessions') }}
    where {{ dbt_segmentation.seg_rows_to_build('known_day', ['events']) }}

),

final as (

    select
        customer_id,
        occurred_day as label_day,
        known_day,
        'step' as kind,
        event_name as label,
        count(*) as times
    from events
    where
        event_name not in {{ dbt_segmentation.seg_automatic_events() }}
        and event_name not in ('{{ dbt_segmentation.seg_steps() | join("', '") }}')
    group by customer_id, occurred_day, known_day, event_name
    {%- for kind, condition in {
        'device': "device not in ('" ~ dbt_segmentation.seg_devices() | join("', '") ~ "')", 'network': 'network is not null',
    }.items() %}
    union all
    select
        customer_id,
        session_day as label_day,
        known_day,
        '{{ kind }}' as kind,
        {{ kind }} as label,
        count(*) as times
    from sessions
    where {{ condition }}
    group by customer_id, session_day, known_day, {{ kind }}
    {%- endfor %}

)

select * from final
