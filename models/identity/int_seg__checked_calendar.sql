-- One row per row of the calendar input: whether it is used or rejected.
{{ dbt_segmentation.seg_checked_input('calendar', key=['zone', 'day'], owner='none') }}
