-- One row per row of the exchange rates input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('exchange_rates') }} {{- dbt_segmentation.seg_where_known('exchange_rates') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('exchange_rates') }}
    from source

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('exchange_rates') }}
    from given

)

select * from final
