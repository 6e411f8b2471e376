-- One row per customer and purpose: the latest statement of any of its records; of statements made at the same time, the most restrictive.
with

consents as (

    select * from {{ ref('stg_seg__consents') }}

),

customer_records as (

    select * from {{ ref('int_seg__customer_records') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

stated as (

    select
        customer_records.customer_id,
        lower(consents.purpose) as purpose,
        consents.recorded_at,
        lower(consents.status) as status,
        lower(consents.legal_basis) as legal_basis,
        consents.policy_version,
        coalesce(lower(consents.status) = 'granted' and consents.recorded_at is not null, false) as is_granted
    from consents
    inner join customer_records
        on
            consents.source_system = customer_records.source_system
            and consents.source_record_id = customer_records.source_record_id
    where consents.purpose is not null

),

ranked as (

    select
        stated.*,
        row_number() over (
            partition by stated.customer_id, stated.purpose
            order by
                case when stated.recorded_at is null then 0 else 1 end asc,
                stated.recorded_at desc,
                case when stated.is_granted then 1 else 0 end asc,
                stated.status asc nulls first, stated.legal_basis asc nulls last, stated.policy_version asc nulls last
        ) as recency_rank
    from stated
    cross join run
    -- a grant that is not yet grants nothing
    where not stated.is_granted or not ({{ dbt_segmentation.seg_is_future('cast(stated.recorded_at as date)', 'run.run_date') }})

),

final as (

    select
        customer_id,
        purpose,
        status,
        is_granted,
        cast(recorded_at as date) as recorded_date,
        legal_basis,
        policy_version
    from ranked
    where recency_rank = 1

)

select * from final
