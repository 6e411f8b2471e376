-- One row per snapshot, segment and feature: five measures of drift from the reference, computed from counts alone.
{%- set double = dbt_segmentation.seg_type('double') %}
with

drift_cells as (

    select * from {{ ref('int_seg__drift_cells') }}

),

shares as (

    select
        *,
        -- half a customer in each cell keeps the logarithms finite
        (n_reference + 0.5) / (total_reference + 0.5 * count(*) over (partition by snapshot_date, segment_key, feature)) as p,
        (n_current + 0.5) / (total_current + 0.5 * count(*) over (partition by snapshot_date, segment_key, feature)) as q,
        cast(below_reference as {{ double }}) / nullif(known_reference, 0)
        - cast(below_current as {{ double }}) / nullif(known_current, 0) as cdf_difference
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
        count(*) - 1 as degrees_of_freedom,
        {{ dbt_segmentation.seg_exact_sum('(q - p) * ln(q / p)') }} as psi,
        -- distance, base 2: 0 for the same distribution, 1 for disjoint ones
        sqrt(greatest(
            {{ dbt_segmentation.seg_exact_sum('(p * ln(2 * p / (p + q)) + q * ln(2 * q / (p + q))) / (2 * ln(2))') }}, 0
        )) as jensen_shannon,
        max(case when bin >= 0 then abs(cdf_difference) end) as kolmogorov_smirnov,
        -- in standard deviations of the reference
        {{ dbt_segmentation.seg_exact_sum(
            'case when bin >= 0 then abs(cdf_difference) * (next_bin_middle - bin_middle) / nullif(reference_std, 0) end'
        ) }} as wasserstein,
        {{ dbt_segmentation.seg_exact_sum(
            'power(sqrt(total_current / nullif(cast(total_reference as ' ~ double ~ '), 0)) * n_reference'
            ~ ' - sqrt(total_reference / nullif(cast(total_current as ' ~ double ~ '), 0)) * n_current, 2)'
            ~ ' / nullif(n_reference + n_current, 0)'
        ) }} as chi_square
    from shares
    group by snapshot_date, segment_key, feature

)

select * from final
