-- Fails for a required input (customers, and orders or events) with no row that can be used, unless dbt was told to run on nothing.
{{ config(meta={'seg_help': "No usable row. Check that seg_customers_relation and seg_orders_relation (or, without orders, seg_events_relation) point at filled tables, that their rows name known customers, that seg_as_of_date is not before the data, and that consent is not denied to everybody; fct_seg__rejected_rows tells why rows were refused."}) }}
select
    input,
    rows_read,
    rows_used,
    rows_rejected,
    rows_later,
    rows_withheld
from {{ ref('int_seg__input_reconciliation') }}
where
    input in ('customers', '{{ 'orders' if dbt_segmentation.seg_var('seg_orders_relation') else 'events' }}')
    and rows_used = 0
    and {{ not flags.EMPTY }}
