-- One row: the settings of identity resolution, for the Python models, which see no vars of the demo.
with

final as (

    select
        cast({{ dbt_segmentation.seg_var('seg_match_threshold') }} as {{ dbt_segmentation.seg_type('double') }}) as match_threshold,
        cast({{ dbt_segmentation.seg_var('seg_match_max_group_size') }} as integer) as max_group_size,
        {{ dbt_segmentation.seg_silence_is_consent() | string | lower }} as silence_is_consent

)

select * from final
