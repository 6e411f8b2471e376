-- One row per row of the order lines input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('order_lines') }} {{- dbt_segmentation.seg_where_known('order_lines') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('order_lines') }}
    from source

),

labelled as (

    select
        given.*,
        {{- dbt_segmentation.seg_label_columns('order_lines') }}
    from given
    {{- dbt_segmentation.seg_label_joins('order_lines') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('order_lines') }}
    from labelled

)

select * from final
