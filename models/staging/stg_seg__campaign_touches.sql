-- One row per row of the campaign touches input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('campaign_touches') }} {{- dbt_segmentation.seg_where_known('campaign_touches') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('campaign_touches') }}
    from source

),

labelled as (

    select
        given.*,
        {{- dbt_segmentation.seg_label_columns('campaign_touches') }}
    from given
    {{- dbt_segmentation.seg_label_joins('campaign_touches') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('campaign_touches') }}
    from labelled

)

select * from final
