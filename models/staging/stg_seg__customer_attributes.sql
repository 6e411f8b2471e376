-- One row per row of the customer attributes input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('customer_attributes') }} {{- dbt_segmentation.seg_where_known('customer_attributes') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('customer_attributes') }}
    from source

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('customer_attributes') }}
    from given

)

select * from final
