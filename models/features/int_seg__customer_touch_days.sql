-- One row per customer and day on which a message was sent, opened, clicked or converted, each counted on its own day.
{{ config(**dbt_segmentation.seg_kept(dbt_segmentation.seg_changed_rows('touch_day', ['campaign_touches']))) }}
{%- set acts = {'sent': 'sent_day', 'opened': 'opened_day', 'clicked': 'clicked_day', 'converted': 'converted_day'} %}
with

touches as (

    select * from {{ ref('int_seg__campaign_touches') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

acts as (
    {% for act, day in acts.items() %}
    select
        customer_id,
        {{ day }} as touch_day,
        '{{ act }}' as act
    from touches
    where {{ day }} is not null and {{ dbt_segmentation.seg_rows_to_build(day, ['campaign_touches']) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

final as (

    select
        acts.customer_id,
        {%- for act in acts %}
        count(case when acts.act = '{{ act }}' then 1 end) as messages_{{ act }},
        {%- endfor %}
        acts.touch_day
    from acts
    cross join run
    where acts.touch_day <= run.as_of_date
    group by acts.customer_id, acts.touch_day

)

select * from final
