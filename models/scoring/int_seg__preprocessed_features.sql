-- One row per customer and snapshot: the clustering features as the current model sees them.
-- Generated from parameter rows, in the layout of the template:
-- noqa: disable=LT02
{{ config(materialized='view') }}
-- depends_on: {{ ref('ml_seg__model_parameters') }}, {{ ref('int_seg__current_model') }}
with

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}

),

{{ dbt_segmentation.seg_preprocessed_steps(dbt_segmentation.seg_model('int_seg__current_model')) }}

select * from preprocessed
