-- One row per row of the places input: whether it is used or rejected.
{{ dbt_segmentation.seg_checked_input(
    'places',
    key=['place_id'],
    owner='none',
    rules=[('not (latitude between -90 and 90 and longitude between -180 and 180)', 'not_on_earth', 'latitude', 'latitude')],
) }}
