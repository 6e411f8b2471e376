-- One row per customer and day on which a message was sent, opened, clicked, answered or ended by leaving the list, each on its own day.
{%- set acts = ['sent', 'opened', 'clicked', 'converted', 'unsubscribed'] %}
{{ config(**dbt_segmentation.seg_kept(
    dbt_segmentation.seg_changed_rows('touch_day', ['campaign_touches']), ['campaign', 'trend']
)) }}
with

touches as (

    select * from {{ ref('int_seg__campaign_touches') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

acts as (
    {% for act in acts %}
    select
        customer_id,
        {{ act }}_day as touch_day,
        '{{ act }}' as act,
        is_open_known
    from touches
    where {{ act }}_day is not null and {{ dbt_segmentation.seg_rows_to_build(act ~ '_day', ['campaign_touches']) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

final as (

    select
        acts.customer_id,
        {%- for act in acts %}
        count(case when acts.act = '{{ act }}' then 1 end) as messages_{{ act }},
        {%- endfor %}
        -- of whom it may be known what they opened: how many messages that was
        count(case when acts.act = 'sent' and acts.is_open_known then 1 end) as messages_open_known,
        acts.touch_day
    from acts
    cross join run
    where acts.touch_day <= run.as_of_date
    group by acts.customer_id, acts.touch_day

)

select * from final
