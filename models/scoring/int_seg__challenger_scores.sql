-- One row per customer at the as-of date: the segment by the challenger. None while nobody challenges.
-- Generated from parameter rows, in the layout of the template:
-- noqa: disable=LT02,ST03
{{ config(materialized='view') }}
-- depends_on: {{ ref('ml_seg__model_parameters') }}
{%- set model = dbt_segmentation.seg_model('int_seg__challenger_model') %}
with

scoring_model as (

    select * from {{ ref('int_seg__challenger_model') }}

),

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}
    where {{ 'is_as_of' if model.segments else '1 = 0' }}

),

{{ dbt_segmentation.seg_preprocessed_steps(model) }},

{{ dbt_segmentation.seg_scored_steps(model) }}

select
    customer_id,
    snapshot_date,
    segment_key,
    model_version
from scored
