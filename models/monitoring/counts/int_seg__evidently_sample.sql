-- One row per sampled customer and snapshot that Evidently compares; none where seg_evidently is off.
{{ config(materialized='view') }}
with

drift_sample as (

    select * from {{ ref('int_seg__drift_sample') }}

),

final as (

    select *
    from drift_sample
    where {{ '1 = 1' if dbt_segmentation.seg_var('seg_evidently') else '1 = 0' }}

)

select * from final
