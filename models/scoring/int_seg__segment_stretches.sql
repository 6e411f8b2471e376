-- One row per customer and snapshot that counts today: since when the customer has been in the segment, and whether that was the first one told.
with

segment_snapshots as (

    select * from {{ ref('int_seg__segment_snapshots') }}

),

marked as (

    select
        customer_id,
        snapshot_date,
        segment_key,
        model_version,
        coalesce(lag(segment_key) over (partition by customer_id order by snapshot_date) <> segment_key, true) as is_change,
        min(snapshot_date) over () as first_snapshot_date
    from segment_snapshots

),

final as (

    select
        customer_id,
        snapshot_date,
        segment_key,
        model_version,
        is_change,
        max(case when is_change then snapshot_date end)
            over (partition by customer_id order by snapshot_date rows unbounded preceding) as entered_on,
        first_snapshot_date
    from marked

)

select * from final
