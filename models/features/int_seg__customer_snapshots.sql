-- One row per customer and snapshot in hand: the spine of the wide table.
{{ config(materialized='view') }}
with

known_customers as (

    select * from {{ ref('int_seg__known_customers') }}

),

snapshots_in_hand as (

    select * from {{ ref('int_seg__snapshots_in_hand') }}

),

changed_customers as (

    select * from {{ ref('int_seg__changed_customers') }}

),

final as (

    select
        known_customers.customer_id,
        snapshots_in_hand.snapshot_date,
        known_customers.known_since
    from known_customers
    inner join snapshots_in_hand
        on {{ dbt_segmentation.seg_in_window('known_customers.known_since', 'snapshots_in_hand.snapshot_date') }}
    left join changed_customers
        on known_customers.customer_id = changed_customers.customer_id
    where snapshots_in_hand.is_for_everyone or changed_customers.customer_id is not null

)

select * from final
