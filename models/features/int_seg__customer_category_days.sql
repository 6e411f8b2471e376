-- One row per customer, day and product category: partial aggregates for the category mix.
{{ config(**dbt_segmentation.seg_kept(dbt_segmentation.seg_changed_rows('order_day', ['order_lines']), ['category'])) }}
with

order_lines as (

    select * from {{ ref('int_seg__order_lines') }}
    where {{ dbt_segmentation.seg_rows_to_build('order_day', ['order_lines']) }}

),

final as (

    select
        customer_id,
        order_day,
        category,
        count(*) as order_lines,
        {{ dbt_segmentation.seg_sum_rounded('line_amount') }} as line_amount
    from order_lines
    where category is not null
    group by customer_id, order_day, category

)

select * from final
