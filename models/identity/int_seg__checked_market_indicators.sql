-- One row per row of the market indicators input: whether it is used or rejected.
{{ dbt_segmentation.seg_checked_input(
    'market_indicators',
    key=['area_code', 'day', 'indicator'],
    owner='none',
    rules=[(dbt_segmentation.seg_match_text('indicator') ~ ' is null', 'unreadable_indicator', 'indicator', 'indicator')],
) }}
