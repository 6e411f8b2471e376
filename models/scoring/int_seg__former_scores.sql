-- One row per customer and snapshot: the segment by the former model, on features as they are now. None while the model stays the same.
-- Generated from parameter rows, in the layout of the template:
-- noqa: disable=LT02,ST03
{{ config(materialized='view') }}
-- depends_on: {{ ref('ml_seg__model_parameters') }}
{%- set model = dbt_segmentation.seg_model('int_seg__former_model') %}
with

scoring_model as (

    select * from {{ ref('int_seg__former_model') }}

),

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}
    {% if not model.segments -%}
    where 1 = 0
    {%- endif %}

),

{{ dbt_segmentation.seg_preprocessed_steps(model) }},

{{ dbt_segmentation.seg_scored_steps(model) }},

{{ dbt_segmentation.seg_settled_steps() }}

select
    customer_id,
    snapshot_date,
    segment_key,
    model_version
from settled
