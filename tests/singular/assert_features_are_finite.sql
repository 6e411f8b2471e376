-- Fails for a feature that is infinite or not a number.
{%- set features = dbt_segmentation.seg_features().keys() | list %}
select
    customer_id,
    snapshot_date
from {{ ref('int_seg__customer_features') }}
where
    {% for feature in features -%}
        not coalesce({{ feature }} between -1.7e308 and 1.7e308, true)
        {{ 'or' if not loop.last }}
    {% endfor %}
