-- One row per customer_id that was told once and names nobody now: the customer whose records it stood for.
with

identity_history as (

    select * from {{ ref('int_seg__identity_history') }}

),

customer_records as (

    select * from {{ ref('int_seg__customer_records') }}

),

first_told as (

    select
        customer_id,
        min(generation) as first_generation
    from identity_history
    group by customer_id

),

-- the record that gave the pseudonym knows best where it went; without it, the oldest of the others
ranked as (

    select
        identity_history.customer_id as former_customer_id,
        customer_records.customer_id,
        row_number() over (
            partition by identity_history.customer_id
            order by
                case when identity_history.customer_id = customer_records.record_key then 0 else 1 end asc,
                customer_records.created_at asc nulls last,
                customer_records.record_key asc
        ) as preference
    from identity_history
    inner join customer_records
        on identity_history.record_key = customer_records.record_key
    where identity_history.customer_id not in (select named.customer_id from customer_records as named)

),

dated as (

    select
        ranked.former_customer_id,
        ranked.customer_id,
        former.first_generation as former_generation,
        present.first_generation as generation,
        row_number() over (
            partition by ranked.customer_id
            order by former.first_generation asc, ranked.former_customer_id asc
        ) as age_rank
    from ranked
    inner join first_told as former
        on ranked.former_customer_id = former.customer_id
    inner join first_told as present
        on ranked.customer_id = present.customer_id
    where ranked.preference = 1

),

final as (

    select
        former_customer_id,
        customer_id,
        -- one of the former ones hands its past on, where the customer has none of its own
        age_rank = 1 and former_generation < generation as is_heir
    from dated

)

select * from final
