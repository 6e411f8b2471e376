-- One row per source record and purpose: the latest statement; of statements made at the same time, the most restrictive.
-- Consent fails closed: a refusal without purpose refuses profiling, and a grant that is not yet, or of nobody knows what, grants nothing.
with

consents as (

    select
        source_system,
        source_record_id,
        recorded_at,
        coalesce(lower(purpose), 'profiling') as purpose,
        -- anything but a readable 'granted' with a purpose and a date counts as a refusal
        case
            when lower(status) = 'granted' and purpose is not null and recorded_at is not null then 1
            else 0
        end as is_granted
    from {{ ref('stg_seg__consents') }}
    where source_system is not null and source_record_id is not null

),

run as (

    select * from {{ ref('int_seg__run') }}

),

ranked as (

    select
        consents.source_system,
        consents.source_record_id,
        consents.purpose,
        consents.is_granted,
        row_number() over (
            partition by consents.source_system, consents.source_record_id, consents.purpose
            order by
                case when consents.recorded_at is null then 0 else 1 end asc,
                consents.recorded_at desc,
                consents.is_granted asc
        ) as recency_rank
    from consents
    cross join run
    where
        consents.is_granted = 0
        or not ({{ dbt_segmentation.seg_is_future('cast(consents.recorded_at as date)', 'run.run_date') }})

),

final as (

    select
        source_system,
        source_record_id,
        purpose,
        is_granted = 1 as is_granted
    from ranked
    where recency_rank = 1

)

select * from final
