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

    select * from {{ ref('int_seg__customer_days') }}

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

measured as (

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

),

scored as (

    select
        customer_id,
        -- fifths by rank: customers with equal values have equal scores, which ntile would not give them
        {%- for score, (value, direction) in {
            'recency_score': ('recency_days', 'desc'), 'frequency_score': ('order_count', 'asc'), 'monetary_score': ('revenue', 'asc'),
        }.items() %}
        {%- set among = 'partition by snapshot_date, case when ' ~ value ~ ' is null then 1 else 0 end' %}
        case
            when {{ value }} is not null
                then 1 + floor(5 * {{ dbt_segmentation.seg_ratio(
                    'rank() over (' ~ among ~ ' order by ' ~ value ~ ' ' ~ direction ~ ') - 1', 'count(*) over (' ~ among ~ ')'
                ) }})
        end as {{ score }},
        {%- endfor %}
        snapshot_date
    from measured
    -- who never ordered has nothing to be ranked by
    where recency_days is not null

),

final as (

    select
        measured.*,
        scored.recency_score,
        scored.frequency_score,
        scored.monetary_score
    from measured
    left join scored
        on
            measured.customer_id = scored.customer_id
            and measured.snapshot_date = scored.snapshot_date

)

select * from final
