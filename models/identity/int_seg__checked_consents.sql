-- One row per row of the consents input: whether it is used, rejected or withheld.
{{ dbt_segmentation.seg_checked_input(
    'consents',
    key=['source_system', 'source_record_id', 'recorded_at', 'status', 'legal_basis', 'policy_version', 'origin', 'purpose'],
    left_out=['source_record_id'],
) }}
