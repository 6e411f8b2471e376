-- One row per row of the social engagements input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('social_engagements') }} {{- dbt_segmentation.seg_where_known('social_engagements') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('social_engagements') }}
    from source

),

labelled as (

    select
        given.*,
        {{- dbt_segmentation.seg_label_columns('social_engagements') }}
    from given
    {{- dbt_segmentation.seg_label_joins('social_engagements') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('social_engagements') }}
    from labelled

)

select * from final
