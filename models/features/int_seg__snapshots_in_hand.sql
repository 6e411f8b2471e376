-- One row per snapshot whose features are summed now: those of one batch while int_seg__feature_rows is built, else all that this run builds.
{{ config(materialized='view') }}
with

snapshots_to_build as (

    select * from {{ ref('int_seg__snapshots_to_build') }}

),

final as (

    select
        snapshot_date,
        is_for_everyone
    from snapshots_to_build
    where is_in_hand

)

select * from final
