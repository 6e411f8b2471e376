-- One row per row of the areas input: whether it is used or rejected.
{{ dbt_segmentation.seg_checked_input(
    'areas',
    key=['area_level', 'area_code'],
    owner='none',
    rules=[(dbt_segmentation.seg_match_text('area_level') ~ ' is null', 'unreadable_area_level', 'area_level', 'area_level')],
) }}
