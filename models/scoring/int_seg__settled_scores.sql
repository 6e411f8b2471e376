-- One row per customer and snapshot: the score as it is told, in which nobody leaves a segment by a hair.
{{ config(materialized='view') }}
with

scored as (

    select * from {{ ref('int_seg__segment_scores') }}

),

{{ dbt_segmentation.seg_settled_steps() }}

select * from settled
