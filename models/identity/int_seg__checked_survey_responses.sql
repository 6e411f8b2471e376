-- One row per row of the survey responses input: its customer and day, and whether it is used, rejected, withheld or later.
-- What people wrote is not stored: themes are told from it at the source.
{{ dbt_segmentation.seg_checked_input(
    'survey_responses',
    key=['response_id'],
    day_of='answered_at',
    rules=[
        ('scale_min >= scale_max', 'impossible_scale', 'scale_max', 'scale_max'),
        ('score < scale_min or score > scale_max', 'outside_scale', 'score', 'score'),
    ],
    left_out=['source_record_id', 'answer_text'],
) }}
