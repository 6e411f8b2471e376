-- One row per row of the calendar input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('calendar') }} {{- dbt_segmentation.seg_where_known('calendar') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('calendar') }}
    from source

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('calendar') }}
    from given

)

select * from final
