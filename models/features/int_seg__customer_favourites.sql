-- One row per customer and snapshot with a network, weather, or step or device without a column of its own in the window: the one met most
-- often of each kind, and how often.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['journey', 'usage', 'contextual'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
with

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

label_days as (

    select
        customer_id,
        label_day,
        known_day,
        kind,
        label,
        times
    from {{ ref('int_seg__customer_label_days') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}
    {%- if dbt_segmentation.seg_family_enabled(['contextual']) %}
    union all
    select
        customer_id,
        contact_day as label_day,
        known_day,
        'weather' as kind,
        weather as label,
        contacts as times
    from {{ ref('int_seg__customer_context_days') }}
    where weather is not null and {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}
    {%- endif %}

),

counted as (

    select
        label_days.customer_id,
        snapshots_in_hand.snapshot_date,
        label_days.kind,
        label_days.label,
        {{ dbt_segmentation.seg_sum('label_days.times') }} as times
    from snapshots_in_hand
    inner join label_days
        on
            {{ dbt_segmentation.seg_in_window('label_days.label_day', 'snapshots_in_hand.snapshot_date', window_days) }}
            and {{ dbt_segmentation.seg_in_window('label_days.known_day', 'snapshots_in_hand.snapshot_date') }}
    group by label_days.customer_id, snapshots_in_hand.snapshot_date, label_days.kind, label_days.label

),

final as (

    select
        customer_id,
        snapshot_date,
        {%- for kind in ['step', 'device', 'network', 'weather'] %}
        -- of equals the first by name
        {{ dbt_segmentation.seg_value_at("case when kind = '" ~ kind ~ "' then label end", ['-times', 'label']) }} as {{ kind }},
        max(case when kind = '{{ kind }}' then times end) as {{ kind }}_times,
        {%- endfor %}
        count(case when kind = 'step' then 1 end) as step_kinds
    from counted
    group by customer_id, snapshot_date

)

select * from final
