-- One row per input, field and spelling of a label, in lower case: what it means. One each, whatever an edited list holds: a second would double rows.
with

category_map as (

    select * from {{ dbt_segmentation.seg_reference('category_map') }}

),

final as (

    select
        input,
        field,
        lower(trim(from_value)) as from_value,
        min(to_value) as to_value
    from category_map
    group by 1, 2, 3

)

select * from final
