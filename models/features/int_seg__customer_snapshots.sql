-- One row per customer and snapshot in hand: the spine of the wide table.
{{ config(materialized='view') }}
with

known_customers as (

    select * from {{ ref('int_seg__known_customers') }}

),

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

final as (

    select
        known_customers.customer_id,
        snapshots_in_hand.snapshot_date,
        known_customers.known_since
    from known_customers
    inner join snapshots_in_hand
        on {{ dbt_segmentation.seg_in_window('known_customers.known_since', 'snapshots_in_hand.snapshot_date') }}
    where {{ dbt_segmentation.seg_customer_in_hand('known_customers.customer_id') }}

)

select * from final
