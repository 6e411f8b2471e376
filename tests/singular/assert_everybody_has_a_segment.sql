-- Fails for a customer known at the as-of date who has no segment, or for one with a segment who is not known.
with

known as (

    select customer_id
    from {{ ref('int_seg__customer_features') }}
    where is_as_of

)

select
    known.customer_id as known_customer_id,
    assigned.customer_id as assigned_customer_id
from known
full outer join {{ ref('fct_seg__customer_segments') }} as assigned
    on known.customer_id = assigned.customer_id
where known.customer_id is null or assigned.customer_id is null
