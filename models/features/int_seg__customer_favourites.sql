-- One row per customer and snapshot with a step, device, network or weather in the window: the one met most often of each kind.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['journey', 'usage', 'contextual'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set text = dbt.type_string() %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

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
    where weather is not null
    {%- endif %}

),

counted as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        label_days.kind,
        label_days.label,
        sum(label_days.times) as times
    from customer_snapshots
    inner join label_days
        on
            customer_snapshots.customer_id = label_days.customer_id
            and {{ dbt_segmentation.seg_in_window('label_days.label_day', 'customer_snapshots.snapshot_date', window_days) }}
            and {{ dbt_segmentation.seg_in_window('label_days.known_day', 'customer_snapshots.snapshot_date') }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date, label_days.kind, label_days.label

),

-- ten digits that fall as the count grows, then the label: the smallest text is the most frequent label, of equals the first by name
keyed as (

    select
        *,
        {{ dbt.concat(['cast(1999999999 - times as ' ~ text ~ ')', 'label']) }} as rank_and_label
    from counted

),

final as (

    select
        customer_id,
        snapshot_date,
        {%- for kind in ['step', 'device', 'network', 'weather'] %}
        substr(min(case when kind = '{{ kind }}' then rank_and_label end), 11) as {{ kind }},
        {%- endfor %}
        count(case when kind = 'step' then 1 end) as step_kinds
    from keyed
    group by customer_id, snapshot_date

)

select * from final
