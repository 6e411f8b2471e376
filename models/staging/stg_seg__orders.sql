-- One row per row of the orders input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('orders') }} {{- dbt_segmentation.seg_where_known('orders') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('orders') }}
    from source

),

labelled as (

    select
        given.*,
        {{- dbt_segmentation.seg_label_columns('orders') }}
    from given
    {{- dbt_segmentation.seg_label_joins('orders') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('orders') }}
    from labelled

)

select * from final
