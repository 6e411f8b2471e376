-- Fails for a snapshot whose segments, of whatever level, do not hold the whole of the customers.
select
    snapshot_date,
    level,
    sum(customer_share) as total_share
from {{ ref('fct_seg__segment_kpis') }}
group by snapshot_date, level
having abs(sum(customer_share) - 1) > 1e-9
