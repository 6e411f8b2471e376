-- One row per customer, day, day since which it is known, kind and label: how often a step, device, network or weather was met.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['journey', 'usage', 'contextual'])) }}
{%- set has_steps = dbt_segmentation.seg_family_enabled(['journey', 'usage']) %}
{%- set has_context = dbt_segmentation.seg_family_enabled(['contextual']) %}
with

{% if has_steps -%}
events as (

    select * from {{ ref('int_seg__events') }}

),

{% endif -%}
{% if has_context -%}
sessions as (

    select * from {{ ref('int_seg__sessions') }}

),

context_days as (

    select * from {{ ref('int_seg__customer_context_days') }}

),

{% endif -%}
final as (
    {% if has_steps %}
    select
        customer_id,
        occurred_day as label_day,
        known_day,
        'step' as kind,
        event_name as label,
        count(*) as times
    from events
    where event_name not in {{ dbt_segmentation.seg_automatic_events() }}
    group by customer_id, occurred_day, known_day, event_name
    {% endif %}
    {{- 'union all' if has_steps and has_context }}
    {% if has_context %}
    {%- for kind in ['device', 'network'] %}
    select
        customer_id,
        session_day as label_day,
        known_day,
        '{{ kind }}' as kind,
        {{ kind }} as label,
        count(*) as times
    from sessions
    where {{ kind }} is not null
    group by customer_id, session_day, known_day, {{ kind }}
    union all
    {%- endfor %}
    select
        customer_id,
        contact_day as label_day,
        known_day,
        'weather' as kind,
        weather as label,
        contacts as times
    from context_days
    where weather is not null
    {% endif %}

)

select * from final
