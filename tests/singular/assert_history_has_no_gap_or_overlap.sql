-- Fails for a stretch of history that does not end where the next one begins, in another segment, or a customer without exactly one
-- current stretch.
with

stretches as (

    select
        customer_id,
        valid_from,
        valid_to,
        is_current,
        segment_key,
        lead(segment_key) over (partition by customer_id order by valid_from) as next_segment_key,
        lead(valid_from) over (partition by customer_id order by valid_from) as next_valid_from
    from {{ ref('fct_seg__segment_history') }}

)

select
    customer_id,
    valid_from,
    valid_to
from stretches
where
    valid_to <= valid_from
    or (valid_to is null) <> is_current
    or (next_valid_from is null) <> is_current
    or valid_to <> next_valid_from
    or segment_key = next_segment_key
