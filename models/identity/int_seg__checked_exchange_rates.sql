-- One row per row of the exchange rates input: whether it is used or rejected.
{{ dbt_segmentation.seg_checked_input(
    'exchange_rates',
    key=['day', 'currency'],
    owner='none',
    rules=[('rate <= 0', 'impossible_rate', 'rate', 'rate')],
) }}
