-- One row per source record and purpose: the latest statement; of statements made at the same time, the most restrictive.
with

consents as (

    select * from {{ ref('stg_seg__consents') }}
    where source_system is not null and source_record_id is not null

),

ranked as (

    select
        source_system,
        source_record_id,
        lower(purpose) as purpose,
        -- anything but a readable 'granted' with a date counts as a refusal: consent fails closed
        case when lower(status) = 'granted' and recorded_at is not null then 1 else 0 end as is_granted,
        row_number() over (
            partition by source_system, source_record_id, lower(purpose)
            order by
                case when recorded_at is null then 0 else 1 end,
                recorded_at desc,
                case when lower(status) = 'granted' then 1 else 0 end
        ) as recency_rank
    from consents

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
