-- One row per link between two records: the rule that made it, how alike they are, and whether it is held back for review.
with

record_links as (

    select * from {{ ref('int_seg__record_links') }}

),

customer_records as (

    select * from {{ ref('int_seg__customer_records') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        record_links.record_key_a,
        record_links.record_key_b,
        first_records.customer_id as customer_id_a,
        second_records.customer_id as customer_id_b,
        record_links.rule as match_rule,
        record_links.score as match_score,
        record_links.is_held_back,
        record_links.held_reason,
        run.run_id,
        run.as_of_date
    from record_links
    inner join customer_records as first_records
        on record_links.record_key_a = first_records.record_key
    inner join customer_records as second_records
        on record_links.record_key_b = second_records.record_key
    cross join run

)

select * from final
