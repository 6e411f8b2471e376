-- One row per row of the survey responses input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('survey_responses') }} {{- dbt_segmentation.seg_where_known('survey_responses') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('survey_responses') }}
    from source

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('survey_responses') }}
    from given

)

select * from final
