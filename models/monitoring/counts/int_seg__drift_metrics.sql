-- One row per snapshot, segment and feature: how far known values and the share of missing ones lie from the reference, from counts alone.
{%- set double = dbt_segmentation.seg_type('double') %}
with

drift_cells as (

    select * from {{ ref('int_seg__drift_cells') }}

),

shares as (

    select
        *,
        -- half a customer in each cell keeps the logarithms finite
        case when bin >= 0 then (n_reference + 0.5) / (known_reference + 0.5 * known_bins) end as p,
        case when bin >= 0 then (n_current + 0.5) / (known_current + 0.5 * known_bins) end as q,
        case
            when bin >= 0 then
                cast(below_reference as {{ double }}) / nullif(known_reference, 0)
                - cast(below_current as {{ double }}) / nullif(known_current, 0)
        end as cdf_difference
    from drift_cells

),

final as (

    select
        snapshot_date,
        segment_key,
        feature,
        max(model_version) as model_version,
        cast(max(total_reference) as {{ dbt.type_bigint() }}) as n_reference,
        cast(max(total_current) as {{ dbt.type_bigint() }}) as n_current,
        cast(coalesce(max(known_reference), 0) as {{ dbt.type_bigint() }}) as known_reference,
        cast(coalesce(max(known_current), 0) as {{ dbt.type_bigint() }}) as known_current,
        greatest(count(case when bin >= 0 and n_reference + n_current > 0 then 1 end) - 1, 0) as degrees_of_freedom,
        {{ dbt_segmentation.seg_exact_sum('(q - p) * ln(q / p)') }} as psi,
        -- distance, base 2: 0 for the same distribution, 1 for disjoint ones
        sqrt(greatest(
            {{ dbt_segmentation.seg_exact_sum('(p * ln(2 * p / (p + q)) + q * ln(2 * q / (p + q))) / (2 * ln(2))') }}, 0
        )) as jensen_shannon,
        max(abs(cdf_difference)) as kolmogorov_smirnov,
        -- in standard deviations of the reference
        {{ dbt_segmentation.seg_exact_sum(
            'abs(cdf_difference) * (next_bin_middle - bin_middle) / nullif(reference_std, 0)'
        ) }} as wasserstein,
        {{ dbt_segmentation.seg_exact_sum(
            'case when bin >= 0 then '
            ~ 'power(sqrt(known_current / nullif(cast(known_reference as ' ~ double ~ '), 0)) * n_reference'
            ~ ' - sqrt(known_reference / nullif(cast(known_current as ' ~ double ~ '), 0)) * n_current, 2)'
            ~ ' / nullif(n_reference + n_current, 0) end'
        ) }} as chi_square,
        abs(
            (max(total_reference) - coalesce(max(known_reference), 0)) / nullif(cast(max(total_reference) as {{ double }}), 0)
            - (max(total_current) - coalesce(max(known_current), 0)) / nullif(cast(max(total_current) as {{ double }}), 0)
        ) as missing_share
    from shares
    group by snapshot_date, segment_key, feature

)

select * from final
