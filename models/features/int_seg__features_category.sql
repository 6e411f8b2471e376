-- One row per customer and snapshot: breadth and concentration of categories, price level, and the share of each category named in seg_categories.
{{ config(enabled=dbt_segmentation.seg_family_enabled(['category'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{%- set categories = dbt_segmentation.seg_category_features() %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

category_days as (

    select * from {{ ref('int_seg__customer_category_days') }}

),

summed as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        category_days.category,
        sum(category_days.line_amount) as line_amount
    from customer_snapshots
    inner join category_days
        on
            customer_snapshots.customer_id = category_days.customer_id
            and {{ dbt_segmentation.seg_in_window('category_days.order_day', 'customer_snapshots.snapshot_date', window_days) }}
    group by customer_snapshots.customer_id, customer_snapshots.snapshot_date, category_days.category

),

shares as (

    select
        *,
        {{ dbt_segmentation.seg_ratio(
            'line_amount', 'sum(line_amount) over (partition by customer_id, snapshot_date)'
        ) }} as share,
        row_number() over (partition by customer_id, snapshot_date order by line_amount desc, category asc) as place
    from summed
    -- returns can leave a category below zero, where a share means nothing
    where line_amount >= 0

),

final as (

    select
        customer_id,
        snapshot_date,
        count(*) as category_count,
        {%- for category, feature in categories.items() %}
        sum(
            case when category = {{ dbt.string_literal(dbt.escape_single_quotes(category | string)) }} then share else share * 0 end
        ) as {{ feature }},
        {%- endfor %}
        -- Herfindahl-Hirschman index: 1 when everything is spent in one category
        {{ dbt_segmentation.seg_exact_sum('share * share') }} as category_concentration,
        max(case when place = 1 then category end) as favourite_category
    from shares
    group by customer_id, snapshot_date

)

select * from final
