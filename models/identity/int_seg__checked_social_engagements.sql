-- One row per row of the social engagements input: its customer, its day and the day since when it is known whose it is, and its status.
{{ dbt_segmentation.seg_checked_input(
    'social_engagements',
    model='stg_seg__stitched_social_engagements',
    key=['engagement_id'],
    day_of='occurred_at',
    owner='may',
    derived={'known_day': 'cast(' ~ dbt_segmentation.seg_local_time('owned.known_at') ~ ' as date)'},
    extra=['is_stitched'],
    left_out=['source_record_id', 'handle'],
) }}
