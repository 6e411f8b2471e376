-- One row per source record that is used: its customer, the link that says so, and since when.
with

customer_records as (

    select * from {{ ref('int_seg__customer_records') }}

),

identity_history as (

    select
        *,
        row_number() over (partition by record_key order by generation desc) as recency_rank
    from {{ ref('int_seg__identity_history') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        customer_records.source_system,
        customer_records.source_record_id,
        customer_records.record_key,
        customer_records.customer_id,
        customer_records.match_rule,
        customer_records.match_score,
        customer_records.linked_record_key,
        identity_history.valid_from as known_since,
        run.run_id,
        run.as_of_date
    from customer_records
    cross join run
    left join identity_history
        on
            customer_records.record_key = identity_history.record_key
            and identity_history.recency_rank = 1

)

select * from final
