-- One row per customer, snapshot and attribute: the latest value observed on or before the snapshot.
-- A view: it is as long as customers x snapshots x attributes, and only the attributes that are asked for should be paid.
{{ config(materialized='view') }}
with

history as (

    select * from {{ ref('int_seg__customer_attribute_history') }}

),

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

final as (

    select
        history.customer_id,
        snapshots.snapshot_date,
        history.attribute,
        history.value,
        history.value_number,
        history.provider,
        history.valid_from as observed_day
    from history
    inner join snapshots
        on
            {{ dbt_segmentation.seg_in_window('history.valid_from', 'snapshots.snapshot_date') }}
            and (history.valid_to > snapshots.snapshot_date or history.valid_to is null)

)

select * from final
