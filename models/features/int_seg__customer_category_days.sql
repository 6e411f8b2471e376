-- One row per customer, day and product category: partial aggregates for the category mix, and what others paid that day for as many units.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['category'])) }}
with

order_lines as (

    select * from {{ ref('int_seg__order_lines') }}

),

summed as (

    select
        customer_id,
        order_day,
        category,
        count(*) as order_lines,
        sum(line_amount) as line_amount,
        {{ dbt_segmentation.seg_exact_sum('case when quantity > 0 and line_amount is not null then quantity end') }} as units,
        sum(case when quantity > 0 then line_amount end) as unit_amount
    from order_lines
    where category is not null
    group by customer_id, order_day, category

),

market as (

    select
        order_day,
        category,
        {{ dbt_segmentation.seg_exact_sum('units') }} as units,
        sum(unit_amount) as unit_amount
    from summed
    where units > 0 and unit_amount is not null
    group by order_day, category

),

compared as (

    select
        summed.*,
        -- without the customer's own: who buys alone that day can't be compared
        summed.units * {{ dbt_segmentation.seg_ratio('market.unit_amount - summed.unit_amount', 'market.units - summed.units') }}
            as others_amount
    from summed
    left join market
        on
            summed.order_day = market.order_day
            and summed.category = market.category

),

final as (

    select
        customer_id,
        order_day,
        category,
        order_lines,
        line_amount,
        case when others_amount is not null then unit_amount end as compared_amount,
        cast(others_amount as decimal(28, 12)) as others_amount
    from compared

)

select * from final
