-- One row per row of the events input: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('events') }} {{- dbt_segmentation.seg_where_known('events') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('events') }}
    from source

),

labelled as (

    select
        given.*,
        {{- dbt_segmentation.seg_label_columns('events') }}
    from given
    {{- dbt_segmentation.seg_label_joins('events') }}

),

read as (

    select
        {{ dbt_segmentation.seg_input_select('events') }}
    from labelled

),

final as (

    select
        *,
        {{ dbt_segmentation.seg_duration_seconds('duration', 'duration_unit') }} as duration_seconds
    from read

)

select * from final
