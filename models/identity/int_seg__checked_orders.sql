-- One row per row of the orders input: its customer, day and revenue, and whether it is used, rejected, withheld or later.
{{ dbt_segmentation.seg_checked_input(
    'orders',
    model='stg_seg__orders_in_one_currency',
    key=['order_id'],
    day_of='ordered_at',
    day='order_day',
    derived={
        'ordered_local': dbt_segmentation.seg_local_time('owned.ordered_at'),
        'revenue': 'coalesce(owned.net_amount, owned.gross_amount - coalesce(owned.discount_amount, 0) - coalesce(owned.refund_amount, 0))',
        'is_cancelled': "coalesce(lower(owned.status) in ('cancelled', 'canceled', 'failed', 'voided', 'test'), false)",
    },
    rules=[
        ('exchange_rate is null', 'no_exchange_rate', 'currency', 'currency'),
        ('gross_amount < 0', 'negative_amount', 'gross_amount', 'gross_amount_as_given'),
        ('discount_amount < 0', 'negative_amount', 'discount_amount', 'discount_amount_as_given'),
    ],
    extra=['exchange_rate', 'project_currency'],
    left_out=['source_record_id'],
) }}
