-- One row per snapshot, segment, feature and bin: reference and current counts side by side, with totals and distribution functions.
with

reference_bins as (

    select * from {{ ref('int_seg__reference_bins') }}

),

snapshot_bins as (

    select * from {{ ref('int_seg__snapshot_bins') }}

),

compared as (

    select distinct
        snapshot_date,
        segment_key,
        feature
    from snapshot_bins

),

reference_cells as (

    select
        compared.snapshot_date,
        reference_bins.segment_key,
        reference_bins.feature,
        reference_bins.bin,
        reference_bins.customers as n_reference,
        cast(0 as {{ dbt.type_bigint() }}) as n_current
    from reference_bins
    inner join compared
        on
            reference_bins.segment_key = compared.segment_key
            and reference_bins.feature = compared.feature

),

current_cells as (

    select
        snapshot_bins.snapshot_date,
        snapshot_bins.segment_key,
        snapshot_bins.feature,
        snapshot_bins.bin,
        cast(0 as {{ dbt.type_bigint() }}) as n_reference,
        snapshot_bins.customers as n_current
    from snapshot_bins

),

both_sides as (

    select * from reference_cells
    union all
    select * from current_cells

),

cells as (

    select
        snapshot_date,
        segment_key,
        feature,
        bin,
        cast(sum(n_reference) as {{ dbt.type_bigint() }}) as n_reference,
        cast(sum(n_current) as {{ dbt.type_bigint() }}) as n_current
    from both_sides
    group by snapshot_date, segment_key, feature, bin

),

places as (

    select distinct
        feature,
        bin,
        model_version,
        bin_middle,
        reference_std
    from reference_bins

),

final as (

    select
        cells.*,
        places.model_version,
        places.bin_middle,
        places.reference_std,
        sum(cells.n_reference) over (partition by cells.snapshot_date, cells.segment_key, cells.feature) as total_reference,
        sum(cells.n_current) over (partition by cells.snapshot_date, cells.segment_key, cells.feature) as total_current,
        -- distributions are of known values; that values are missing is told apart
        count(case when cells.bin >= 0 then 1 end) over (
            partition by cells.snapshot_date, cells.segment_key, cells.feature
        ) as known_bins,
        sum(case when cells.bin >= 0 then cells.n_reference end) over (
            partition by cells.snapshot_date, cells.segment_key, cells.feature
        ) as known_reference,
        sum(case when cells.bin >= 0 then cells.n_current end) over (
            partition by cells.snapshot_date, cells.segment_key, cells.feature
        ) as known_current,
        sum(case when cells.bin >= 0 then cells.n_reference end) over (
            partition by cells.snapshot_date, cells.segment_key, cells.feature
            order by cells.bin rows between unbounded preceding and current row
        ) as below_reference,
        sum(case when cells.bin >= 0 then cells.n_current end) over (
            partition by cells.snapshot_date, cells.segment_key, cells.feature
            order by cells.bin rows between unbounded preceding and current row
        ) as below_current,
        lead(places.bin_middle) over (
            partition by cells.snapshot_date, cells.segment_key, cells.feature
            order by cells.bin
        ) as next_bin_middle
    from cells
    left join places
        on
            cells.feature = places.feature
            and cells.bin = places.bin

)

select * from final
