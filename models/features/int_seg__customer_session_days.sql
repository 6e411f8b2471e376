-- One row per customer, day of visits and day since which they are known to be the customer's: what windows of visits are summed from.
-- A column for each step of seg_steps tells how often it was taken, one for each device of seg_devices in how many visits it was used.
{{ config(**dbt_segmentation.seg_kept(
    dbt_segmentation.seg_changed_rows('known_day', ['events']), ['journey', 'intent', 'usage', 'trend', 'channel', 'contextual']
)) }}
with

sessions as (

    select * from {{ ref('int_seg__sessions') }}
    where {{ dbt_segmentation.seg_rows_to_build('known_day', ['events']) }}

),

final as (

    select
        customer_id,
        session_day,
        known_day,
        count(*) as sessions,
        {%- for column in ['views', 'acts'] + dbt_segmentation.seg_steps() %}
        {{ dbt_segmentation.seg_count_sum(column) }} as {{ column }},
        {%- endfor %}
        {{ dbt_segmentation.seg_sum_rounded('dwell_seconds', 1000) }} as dwell_seconds,
        count(case when is_bounce then 1 end) as bounces,
        count(case when has_viewed_item then 1 end) as item_sessions,
        count(case when has_cart then 1 end) as cart_sessions,
        count(case when has_checkout then 1 end) as checkout_sessions,
        count(case when has_purchase then 1 end) as purchase_sessions,
        {%- for stage in range(1, 5) %}
        count(case when furthest_stage = {{ stage }} then 1 end) as stage_{{ stage }}_sessions,
        {%- endfor %}
        count(case when has_abandoned_cart then 1 end) as abandoned_carts,
        {%- for device in dbt_segmentation.seg_devices() %}
        count(case when device = '{{ device }}' then 1 end) as {{ device }},
        {%- endfor %}
        count(device) as device_sessions,
        {%- for part, hours in dbt_segmentation.seg_parts_of_day('extract(hour from started_local)').items() %}
        count(case when {{ hours }} then 1 end) as {{ part }}_contacts,
        {%- endfor %}
        {{ dbt_segmentation.seg_value_at('entry_step', ['session_number']) }} as entry_step,
        {{ dbt_segmentation.seg_value_at('exit_step', ['session_number'], last=true) }} as exit_step
    from sessions
    group by customer_id, session_day, known_day

)

select * from final
