-- One row per row of the erasure requests input: withheld like everything of those who made them, or rejected where it names nobody.
{{ dbt_segmentation.seg_checked_input(
    'erasure_requests',
    key=['source_system', 'source_record_id', 'requested_at', 'request_id'],
    left_out=['source_record_id'],
) }}
