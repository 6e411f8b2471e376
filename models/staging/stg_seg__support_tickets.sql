-- One row per row of the support tickets input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('support_tickets') }} {{- dbt_segmentation.seg_where_known('support_tickets') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('support_tickets') }}
    from source

),

labelled as (

    select
        given.*,
        {{- dbt_segmentation.seg_label_columns('support_tickets') }}
    from given
    {{- dbt_segmentation.seg_label_joins('support_tickets') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('support_tickets') }}
    from labelled

)

select * from final
