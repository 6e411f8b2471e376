-- One row per row of the customer attributes input: its customer and day, and whether it is used, rejected, withheld or later.
{{ dbt_segmentation.seg_checked_input(
    'customer_attributes',
    key=['source_system', 'source_record_id', 'provider', 'observed_at', 'attribute'],
    day_of='observed_at',
    rules=[(dbt_segmentation.seg_match_text('attribute') ~ ' is null', 'unreadable_attribute', 'attribute', 'attribute')],
    left_out=['source_record_id'],
) }}
