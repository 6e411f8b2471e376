-- One row per row of the events input: its customer, its day and the day since when it is known whose it is, and its status.
{{ dbt_segmentation.seg_checked_input(
    'events',
    model='stg_seg__stitched_events',
    key=['event_id'],
    day_of='occurred_at',
    first_by='received_at',
    owner='may',
    derived={
        'occurred_local': dbt_segmentation.seg_local_time('owned.occurred_at'),
        'known_day': 'cast(' ~ dbt_segmentation.seg_local_time('owned.known_at') ~ ' as date)',
    },
    extra=['duration_seconds', 'is_stitched'],
    left_out=['source_record_id', 'visitor_id', 'properties'],
) }}
