-- One row per row of the market indicators input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('market_indicators') }} {{- dbt_segmentation.seg_where_known('market_indicators') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('market_indicators') }}
    from source

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('market_indicators') }}
    from given

)

select * from final
