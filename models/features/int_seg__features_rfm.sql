-- One row per customer and snapshot: recency, frequency, monetary value, tenure and the regularity of purchases.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['rfm'])) }}
{%- set is_recent = dbt_segmentation.seg_in_window('order_gaps.order_day', 'snapshots_in_hand.snapshot_date', dbt_segmentation.seg_var('seg_window_days')) %}
{#- where the input is given, silence means that nothing was ordered #}
{%- set no_order = '0' if dbt_segmentation.seg_var('seg_orders_relation') else 'null' %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

order_gaps as (

    select * from {{ ref('int_seg__customer_order_gaps') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

summed as (

    select
        order_gaps.customer_id,
        snapshots_in_hand.snapshot_date,
        max(order_gaps.order_day) as last_order_date,
        {{ dbt_segmentation.seg_sum('case when ' ~ is_recent ~ ' then order_gaps.orders end') }} as order_count,
        {{ dbt_segmentation.seg_sum_rounded('case when ' ~ is_recent ~ ' then order_gaps.revenue end') }} as revenue,
        count(case when {{ is_recent }} then order_gaps.gap_days end) as gap_count,
        {{ dbt_segmentation.seg_sum('case when ' ~ is_recent ~ ' then order_gaps.gap_days end') }} as gap_sum,
        {{ dbt_segmentation.seg_sum('case when ' ~ is_recent ~ ' then order_gaps.gap_days * order_gaps.gap_days end') }} as gap_square_sum
    from snapshots_in_hand
    inner join order_gaps
        on {{ dbt_segmentation.seg_in_window('order_gaps.order_day', 'snapshots_in_hand.snapshot_date') }}
    group by order_gaps.customer_id, snapshots_in_hand.snapshot_date

),

joined as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        summed.revenue,
        summed.gap_count,
        summed.gap_square_sum,
        coalesce(summed.order_count, {{ no_order }}) as order_count,
        {{ dbt.datediff('summed.last_order_date', 'customer_snapshots.snapshot_date', 'day') }} as recency_days,
        {{ dbt.datediff('customer_snapshots.known_since', 'customer_snapshots.snapshot_date', 'day') }} as tenure_days,
        {{ dbt_segmentation.seg_ratio('summed.gap_sum', 'summed.gap_count') }} as purchase_gap_days
    from customer_snapshots
    left join summed
        on
            customer_snapshots.customer_id = summed.customer_id
            and customer_snapshots.snapshot_date = summed.snapshot_date

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
