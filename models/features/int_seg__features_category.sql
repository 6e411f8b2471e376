-- One row per customer and snapshot: breadth and concentration of categories, the favourite, and the share of each category named in seg_categories.
{{ config(materialized='ephemeral', enabled=dbt_segmentation.seg_family_enabled(['category'])) }}
{%- set window_days = dbt_segmentation.seg_var('seg_window_days') %}
{#- amounts have four decimals: as whole numbers their squares are exact, on every engine #}
{%- set units = 'cast(least(amount * 10000, 100000000000000000) as decimal(18, 0))' %}
{%- set categories = dbt_segmentation.seg_category_features() %}
with

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

category_days as (

    select * from {{ ref('int_seg__customer_category_days') }}
    where {{ dbt_segmentation.seg_customer_in_hand('customer_id') }}

),

spent as (

    select
        category_days.customer_id,
        snapshots_in_hand.snapshot_date,
        category_days.category,
        {{ dbt_segmentation.seg_sum_rounded('category_days.line_amount') }} as amount
    from snapshots_in_hand
    inner join category_days
        on {{ dbt_segmentation.seg_in_window('category_days.order_day', 'snapshots_in_hand.snapshot_date', window_days) }}
    group by category_days.customer_id, snapshots_in_hand.snapshot_date, category_days.category

),

summed as (

    select
        customer_id,
        snapshot_date,
        count(*) as category_count,
        {{ dbt_segmentation.seg_sum_rounded('amount') }} as amount,
        {%- for category, feature in categories.items() %}
        {{ dbt_segmentation.seg_sum_rounded('case when category = ' ~ dbt.string_literal(dbt.escape_single_quotes(category | string)) ~ ' then amount else 0 end') }}
            as amount_{{ loop.index }},
        {%- endfor %}
        {{ dbt_segmentation.seg_exact_sum(units ~ ' * ' ~ units, 'decimal(38, 0)') }} as square_sum,
        -- of equals the first by name
        {{ dbt_segmentation.seg_value_at('category', ['-amount', 'category']) }} as favourite_category
    from spent
    -- returns can leave a category below zero, where a share means nothing
    where amount >= 0
    group by customer_id, snapshot_date

),

final as (

    select
        customer_id,
        snapshot_date,
        category_count,
        {%- for feature in categories.values() %}
        {{ dbt_segmentation.seg_ratio('amount_' ~ loop.index, 'amount') }} as {{ feature }},
        {%- endfor %}
        -- Herfindahl-Hirschman index: 1 when everything is spent in one category
        {{ dbt_segmentation.seg_ratio('square_sum', 'round(amount * 10000) * round(amount * 10000)') }} as category_concentration,
        favourite_category
    from summed

)

select * from final
