-- One row per customer and day with an order: partial aggregates from which every window is summed.
{{ config(**dbt_segmentation.seg_kept(dbt_segmentation.seg_changed_rows('order_day', ['orders', 'order_lines']))) }}
with

orders as (

    select * from {{ ref('int_seg__orders') }}
    where {{ dbt_segmentation.seg_rows_to_build('order_day', ['orders', 'order_lines']) }}

),

order_lines as (

    select * from {{ ref('int_seg__order_lines') }}
    where {{ dbt_segmentation.seg_rows_to_build('order_day', ['orders', 'order_lines']) }}

),

order_days as (

    select
        customer_id,
        order_day,
        count(*) as orders,
        {%- for amount in ['revenue', 'gross_amount', 'discount_amount', 'refund_amount'] %}
        {{ dbt_segmentation.seg_sum_rounded(amount) }} as {{ amount }},
        {%- endfor %}
        count(case when coupon_used then 1 end) as coupon_orders,
        count(case when refund_amount > 0 or status in ('returned', 'refunded') then 1 end) as returned_orders,
        count(case when discount_amount > 0 or coupon_used then 1 end) as discounted_orders,
        -- what a basket was worth before discounts, of orders with one and of orders without
        {%- for name, condition in {'discounted': 'discount_amount > 0 or coupon_used', 'full_price': 'not (coalesce(discount_amount, 0) > 0 or coupon_used)'}.items() %}
        {{ dbt_segmentation.seg_sum_rounded('case when ' ~ condition ~ ' then gross_amount end') }} as {{ name }}_gross_amount,
        count(case when {{ condition }} then gross_amount end) as {{ name }}_gross_orders,
        {%- endfor %}
        count(case when extract(hour from ordered_local) < 12 then 1 end) as morning_orders,
        count(case when extract(hour from ordered_local) >= 18 then 1 end) as evening_orders,
        {%- for part, hours in dbt_segmentation.seg_parts_of_day('extract(hour from ordered_local)').items() %}
        count(case when {{ hours }} then 1 end) as {{ part }}_contacts,
        {%- endfor %}
        count(case when {{ dbt_segmentation.seg_iso_weekday('order_day') }} >= 6 then 1 end) as weekend_orders
    from orders
    group by customer_id, order_day

),

line_days as (

    select
        customer_id,
        order_day,
        count(*) as order_lines,
        {{ dbt_segmentation.seg_sum_rounded('line_amount') }} as line_amount,
        count(case when line_amount < 0 or quantity < 0 then 1 end) as returned_lines,
        -- units and amounts of lines of which both are known
        {{ dbt_segmentation.seg_sum_rounded('case when quantity > 0 and line_amount is not null then quantity end', 1000000) }} as units,
        {{ dbt_segmentation.seg_sum_rounded('case when quantity > 0 then line_amount end') }} as unit_amount,
        {{ dbt_segmentation.seg_sum_rounded("case when brand_type = 'private' then line_amount end") }} as private_label_amount,
        {{ dbt_segmentation.seg_sum_rounded('case when brand_type is not null then line_amount end') }} as branded_amount
    from order_lines
    group by customer_id, order_day

),

final as (

    select
        order_days.*,
        line_days.order_lines,
        line_days.line_amount,
        line_days.returned_lines,
        line_days.units,
        line_days.unit_amount,
        line_days.private_label_amount,
        line_days.branded_amount
    from order_days
    left join line_days
        on
            order_days.customer_id = line_days.customer_id
            and order_days.order_day = line_days.order_day

)

select * from final
