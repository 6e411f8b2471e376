-- One row per snapshot and pair of segments: how many customers went from one to the other since the snapshot before.
with

segment_stretches as (

    select * from {{ ref('int_seg__segment_stretches') }}

),

customer_features as (

    select
        customer_id,
        snapshot_date,
        {#- a family that is off has no columns #}
        {{ 'revenue' if 'revenue' in dbt_segmentation.seg_features() else 'cast(null as ' ~ dbt_segmentation.seg_type('double') ~ ') as revenue' }}
    from {{ ref('int_seg__customer_features') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

snapshot_pairs as (

    select
        snapshot_date,
        lag(snapshot_date) over (order by snapshot_date) as previous_snapshot_date
    from (select distinct snapshot_date from segment_stretches) as snapshot_dates

),

moves as (

    select
        snapshot_pairs.snapshot_date,
        snapshot_pairs.previous_snapshot_date,
        -- not known at the snapshot before: a joiner
        coalesce(before.segment_key, 'new') as from_segment_key,
        now.segment_key as to_segment_key,
        count(*) as customers,
        -- how long they had been there by the snapshot; of those who were there at the first one told, at least so long
        {{ dbt_segmentation.seg_median(dbt.datediff('before.entered_on', 'now.snapshot_date', 'day')) }} as median_dwell_days,
        count(case when before.entered_on = before.first_snapshot_date then 1 end) as dwell_censored_customers,
        sum(cast(customer_features.revenue as decimal(28, 4))) as revenue
    from segment_stretches as now
    inner join snapshot_pairs
        on now.snapshot_date = snapshot_pairs.snapshot_date
    left join segment_stretches as before
        on
            now.customer_id = before.customer_id
            and snapshot_pairs.previous_snapshot_date = before.snapshot_date
    left join customer_features
        on
            now.customer_id = customer_features.customer_id
            and now.snapshot_date = customer_features.snapshot_date
    where snapshot_pairs.previous_snapshot_date is not null
    group by
        snapshot_pairs.snapshot_date, snapshot_pairs.previous_snapshot_date, before.segment_key, now.segment_key

),

rated as (

    select
        *,
        sum(customers) over (partition by snapshot_date, from_segment_key) as from_customers
    from moves

),

final as (

    select
        rated.snapshot_date,
        rated.previous_snapshot_date,
        rated.from_segment_key,
        rated.to_segment_key,
        rated.customers,
        cast(rated.from_customers as {{ dbt.type_bigint() }}) as from_customers,
        {{ dbt_segmentation.seg_ratio('rated.customers', 'rated.from_customers') }} as rate,
        {{ dbt_segmentation.seg_wilson('rated.customers', 'rated.from_customers', -1) }} as rate_lower,
        {{ dbt_segmentation.seg_wilson('rated.customers', 'rated.from_customers', 1) }} as rate_upper,
        {#- what a handful of people spend is theirs #}
        case
            when rated.customers >= {{ dbt_segmentation.seg_var('seg_min_segment_size') }}
                then cast(rated.revenue as {{ dbt_segmentation.seg_type('double') }})
        end as revenue,
        case
            when rated.customers >= {{ dbt_segmentation.seg_var('seg_min_segment_size') }}
                then cast(rated.median_dwell_days as {{ dbt_segmentation.seg_type('double') }})
        end as median_dwell_days,
        case when rated.from_segment_key <> 'new' then rated.dwell_censored_customers end as dwell_censored_customers,
        rated.customers < {{ dbt_segmentation.seg_var('seg_min_segment_size') }} as is_suppressed,
        run.run_id,
        run.as_of_date
    from rated
    cross join run

)

select * from final
