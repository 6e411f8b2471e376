-- One row per record that somebody asked to erase: as the request names it, and where no record has that number as it differs by letter case alone.
with

erasure_requests as (

    select * from {{ ref('stg_seg__erasure_requests') }}
    where source_system is not null and source_record_id is not null

),

final as (

    select record_key
    from erasure_requests
    union
    {{ dbt_segmentation.seg_spelt_like('erasure_requests') }}

)

select * from final
