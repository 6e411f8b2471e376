-- One row per row of the support tickets input: its customer and day, and whether it is used, rejected, withheld or later.
-- What people wrote is not stored: themes are told from it at the source.
{{ dbt_segmentation.seg_checked_input(
    'support_tickets',
    key=['ticket_id'],
    day_of='opened_at',
    derived={'closed_day': 'cast(' ~ dbt_segmentation.seg_local_time('owned.closed_at') ~ ' as date)'},
    rules=[('closed_at < opened_at', 'closed_before_opened', 'closed_at', 'closed_at_as_given')],
    left_out=['source_record_id', 'text'],
) }}
