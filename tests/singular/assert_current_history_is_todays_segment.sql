-- Fails for a customer whose current stretch of history names another segment than today's assignment.
select
    today.customer_id,
    today.segment_key,
    history.segment_key as segment_key_in_history
from {{ ref('fct_seg__customer_segments') }} as today
left join {{ ref('fct_seg__segment_history') }} as history
    on
        today.customer_id = history.customer_id
        and history.is_current
where history.segment_key is null or today.segment_key <> history.segment_key
