-- One row per statement in the consent ledger: our names, trimmed and cast, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('consents') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('consents') }}
    from source

)

select * from final
