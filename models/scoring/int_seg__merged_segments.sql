-- One row per segment that people merged into another one: into which. It is a part of that one on every day that drift compares.
{{ config(materialized='view') }}
with

segment_overrides as (

    select * from {{ ref('int_seg__segment_overrides') }}

),

final as (

    select
        target_key as segment_key,
        value as merged_into
    from segment_overrides
    where field = 'merged_into' and status = 'in force'

)

select * from final
