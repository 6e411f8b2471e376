-- One row per area, snapshot and indicator: the latest value told for a day on or before the snapshot.
with

indicators as (

    select * from {{ ref('int_seg__checked_market_indicators') }}
    where row_status = 'used'

),

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

ranked as (

    select
        upper(trim(indicators.area_code)) as area_code,
        snapshots.snapshot_date,
        {{ dbt_segmentation.seg_match_text('indicators.indicator') }} as indicator,
        indicators.value,
        indicators.day as observed_day,
        row_number() over (
            partition by
                upper(trim(indicators.area_code)), snapshots.snapshot_date, {{ dbt_segmentation.seg_match_text('indicators.indicator') }}
            -- two values of one day: always the same one
            order by indicators.day desc, indicators.value asc
        ) as rank_of_value
    from indicators
    inner join snapshots
        on {{ dbt_segmentation.seg_in_window('indicators.day', 'snapshots.snapshot_date') }}

),

final as (

    select
        area_code,
        snapshot_date,
        indicator,
        value,
        observed_day
    from ranked
    where rank_of_value = 1

)

select * from final
