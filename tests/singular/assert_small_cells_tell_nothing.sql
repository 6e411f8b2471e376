-- Fails for a KPI, transition or profile of fewer customers than seg_min_segment_size that still tells what they spent or did.
select
    segment_key,
    snapshot_date,
    customers
from {{ ref('fct_seg__segment_kpis') }}
where
    customers < {{ dbt_segmentation.seg_var('seg_min_segment_size') }}
    and (
        not is_suppressed
        or coalesce(revenue, orders, active_customers, messages_sent, response_rate, coherence_index) is not null
    )
union all
select
    to_segment_key as segment_key,
    snapshot_date,
    customers
from {{ ref('fct_seg__segment_transitions') }}
where
    customers < {{ dbt_segmentation.seg_var('seg_min_segment_size') }}
    and (not is_suppressed or revenue is not null)
union all
select
    segment_key,
    as_of_date as snapshot_date,
    customers
from {{ ref('fct_seg__segment_profiles') }}
where
    customers < {{ dbt_segmentation.seg_var('seg_min_segment_size') }}
    and (not is_suppressed or coalesce(mean_value, median_value, z_score) is not null)
