-- One row per customer and snapshot: the nearest segment, the second nearest, probability, margin and distance.
-- Generated from parameter rows, in the layout of the template:
-- noqa: disable=LT02,ST03
-- depends_on: {{ ref('ml_seg__model_parameters') }}
with

scoring_model as (

    select * from {{ ref('int_seg__current_model') }}

),

preprocessed as (

    select * from {{ ref('int_seg__preprocessed_features') }}

),

{{ dbt_segmentation.seg_scored_steps(dbt_segmentation.seg_model('int_seg__current_model')) }}

select * from scored
