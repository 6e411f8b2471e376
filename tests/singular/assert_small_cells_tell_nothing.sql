-- Fails for a KPI row with fewer customers than seg_min_segment_size that still tells what they spent or did.
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
