-- One row per row of the campaign touches input: our names, trimmed and cast, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('campaign_touches') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('campaign_touches') }}
    from source

)

select * from final
