-- One row per row of the campaign touches input: its customer and days, and whether it is used, rejected, withheld or later.
{%- set days = {} %}
{%- for name in ['opened', 'clicked', 'converted', 'unsubscribed'] %}
{%- do days.update({name ~ '_day': 'cast(' ~ dbt_segmentation.seg_local_time('owned.' ~ name ~ '_at') ~ ' as date)'}) %}
{%- endfor %}
{{ dbt_segmentation.seg_checked_input(
    'campaign_touches',
    key=['touch_id'],
    day_of='sent_at',
    derived=days,
    left_out=['source_record_id'],
) }}
