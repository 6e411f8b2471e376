-- One row per row of the events input: whose it is, known visitors by their logins, and since when that is known.
{{ dbt_segmentation.seg_stitched('events', actor=['visitor_id'], at='occurred_at', key='event_id', extra=['duration_seconds']) }}
