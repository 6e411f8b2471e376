-- One row per customer and snapshot with an order by then: recency, frequency and monetary scores from 1 to 5.
-- depends_on: {{ ref('int_seg__snapshots') }}
{{ config(**dbt_segmentation.seg_kept(
    "snapshot_date in (select r.snapshot_date from {{ ref('int_seg__ranked_snapshots') }} as r) "
    ~ "or snapshot_date not in (select s.snapshot_date from {{ ref('int_seg__snapshots') }} as s)", ['rfm']
)) }}
{%- set scores = {
    'recency_score': ('recency_days', 'desc'), 'frequency_score': ('order_count', 'asc'), 'monetary_score': ('revenue', 'asc'),
} %}
with

feature_rows as (

    select * from {{ ref('int_seg__feature_rows') }}

),

ranked_snapshots as (

    select * from {{ ref('int_seg__ranked_snapshots') }}

),

ranked as (

    select feature_rows.*
    from feature_rows
    inner join ranked_snapshots
        on feature_rows.snapshot_date = ranked_snapshots.snapshot_date
    -- who never ordered has nothing to be ranked by
    where feature_rows.recency_days is not null

),

final as (

    select
        customer_id,
        -- fifths by rank: customers with equal values have equal scores, which ntile would not give them
        {%- for score, (value, direction) in scores.items() %}
        {%- set among = 'partition by snapshot_date, case when ' ~ value ~ ' is null then 1 else 0 end' %}
        case
            when {{ value }} is not null
                then 1 + floor(5 * {{ dbt_segmentation.seg_ratio(
                    'rank() over (' ~ among ~ ' order by ' ~ value ~ ' ' ~ direction ~ ') - 1', 'count(*) over (' ~ among ~ ')'
                ) }})
        end as {{ score }},
        {%- endfor %}
        snapshot_date
    from ranked

)

select * from final
