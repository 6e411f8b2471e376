-- One row per customer and snapshot: recency, frequency, monetary value, tenure and the regularity of purchases.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['rfm'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{#- where the input is given, silence means that nothing was ordered #}
{%- set no_order = '0' if dbt_segmentation.seg_var('seg_orders_relation') else 'null' %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

customer_days as (

    select
        customer_id,
        order_day,
        orders,
        revenue,
        -- known on the day itself: it looks back only
        {{ dbt.datediff(
            'lag(order_day) over (partition by customer_id order by order_day)', 'order_day', 'day'
        ) }} as gap_days
    from {{ ref('int_seg__customer_days') }}

),

life as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        max(customer_days.order_day) as last_order_date
    from customer_snapshots
    inner join customer_days
        on
            customer_snapshots.customer_id = customer_days.customer_id
            and {{ dbt_segmentation.seg_in_window('customer_days.order_day', 'customer_snapshots.snapshot_date') }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date

),

recent as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        sum(customer_days.orders) as order_count,
        sum(customer_days.revenue) as revenue,
        count(customer_days.gap_days) as gap_count,
        sum(customer_days.gap_days) as gap_sum,
        sum(customer_days.gap_days * customer_days.gap_days) as gap_square_sum
    from customer_snapshots
    inner join customer_days
        on
            customer_snapshots.customer_id = customer_days.customer_id
            and {{ dbt_segmentation.seg_in_window('customer_days.order_day', 'customer_snapshots.snapshot_date', window_days) }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date

),

joined as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        recent.revenue,
        recent.gap_count,
        recent.gap_sum,
        recent.gap_square_sum,
        coalesce(recent.order_count, {{ no_order }}) as order_count,
        {{ dbt.datediff('life.last_order_date', 'customer_snapshots.snapshot_date', 'day') }} as recency_days,
        {{ dbt.datediff('customer_snapshots.known_since', 'customer_snapshots.snapshot_date', 'day') }} as tenure_days,
        {{ dbt_segmentation.seg_ratio('recent.gap_sum', 'recent.gap_count') }} as purchase_gap_days
    from customer_snapshots
    left join life
        on
            customer_snapshots.customer_id = life.customer_id
            and customer_snapshots.snapshot_date = life.snapshot_date
    left join recent
        on
            customer_snapshots.customer_id = recent.customer_id
            and customer_snapshots.snapshot_date = recent.snapshot_date

),

final as (

    select
        customer_id,
        snapshot_date,
        recency_days,
        tenure_days,
        order_count,
        -- no orders in the window is a revenue of zero; orders without amounts are a revenue that is not known
        case when order_count = 0 then 0 else revenue end as revenue,
        {{ dbt_segmentation.seg_ratio('revenue', 'order_count') }} as average_order_value,
        purchase_gap_days,
        -- coefficient of variation, population form; needs three gaps to say something
        case
            when gap_count >= 3 then
                sqrt(greatest(
                    {{ dbt_segmentation.seg_ratio('gap_square_sum', 'gap_count') }} - purchase_gap_days * purchase_gap_days, 0
                )) / nullif(purchase_gap_days, 0)
        end as purchase_gap_variation
    from joined

)

select * from final
