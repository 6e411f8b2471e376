-- One row per segment of the champion and segment of the challenger that share customers at the as-of date. None while nobody challenges.
with

-- without what people decided: a merge or a pin would go on under another model
champion_scores as (

    select * from {{ ref('int_seg__decided_scores') }}

),

challenger_scores as (

    select * from {{ ref('int_seg__challenger_scores') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

counted as (

    select
        champion_scores.model_version,
        challenger_scores.model_version as challenger_model_version,
        champion_scores.model_segment_key as segment_key,
        challenger_scores.segment_key as challenger_segment_key,
        count(*) as customers
    from champion_scores
    inner join challenger_scores
        on
            champion_scores.customer_id = challenger_scores.customer_id
            and champion_scores.snapshot_date = challenger_scores.snapshot_date
    group by
        champion_scores.model_version, challenger_scores.model_version, champion_scores.model_segment_key, challenger_scores.segment_key

),

totals as (

    select
        *,
        sum(customers) over (partition by segment_key) as segment_customers,
        sum(customers) over (partition by challenger_segment_key) as challenger_segment_customers
    from counted

),

final as (

    select
        totals.model_version,
        totals.challenger_model_version,
        totals.segment_key,
        totals.challenger_segment_key,
        totals.customers,
        {{ dbt_segmentation.seg_ratio('totals.customers', 'totals.segment_customers') }} as share_of_segment,
        {{ dbt_segmentation.seg_ratio('totals.customers', 'totals.challenger_segment_customers') }} as share_of_challenger_segment,
        run.run_id,
        run.as_of_date
    from totals
    cross join run

)

select * from final
