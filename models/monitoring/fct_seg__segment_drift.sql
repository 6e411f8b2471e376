-- One row per snapshot, segment ('all' for everybody), feature, metric and source: how far it lies from the fit, and whether that is drift.
{%- set double = dbt_segmentation.seg_type('double') %}
{%- set critical = dbt_segmentation.seg_critical_values() %}
{%- set psi_floor = dbt_segmentation.seg_var('seg_drift_psi') %}
{%- set thresholds = {
    'psi': 'greatest(' ~ psi_floor ~ ', chi_square_limit / known_rows)',
    'jensen_shannon': 'sqrt(greatest(' ~ psi_floor ~ ', chi_square_limit / known_rows) / (8 * ln(2)))',
    'kolmogorov_smirnov': 'greatest(' ~ dbt_segmentation.seg_var('seg_drift_ks') ~ ', ' ~ critical.ks ~ ' / sqrt(known_rows))',
    'wasserstein': 'greatest(' ~ dbt_segmentation.seg_var('seg_drift_wasserstein') ~ ', ' ~ critical.z ~ ' / sqrt(known_rows))',
    'chi_square': 'greatest(chi_square_limit, ' ~ psi_floor ~ ' * known_rows)',
    'missing_share': 'greatest(' ~ dbt_segmentation.seg_var('seg_drift_missing') ~ ', ' ~ critical.z ~ ' * 0.5 / sqrt(all_rows))',
} %}
with

drift_metrics as (

    select * from {{ ref('int_seg__drift_metrics') }}

),

evidently_results as (

    select evidently.* from {{ dbt_segmentation.seg_python_model('ml_seg__evidently_results', {
        'snapshot_date': 'date', 'segment_key': dbt.type_string(), 'feature': dbt.type_string(), 'metric': dbt.type_string(),
        'value': double, 'threshold': double, 'n_reference': dbt.type_bigint(), 'n_current': dbt.type_bigint(), 'verdict': dbt.type_string(),
    }) }} as evidently

),

current_model as (

    select * from {{ ref('int_seg__current_model') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

limits as (

    select
        *,
        -- what two samples of these sizes are worth: half their harmonic mean
        nullif(cast(n_reference as {{ double }}) * n_current / nullif(n_reference + n_current, 0), 0) as all_rows,
        nullif(cast(known_reference as {{ double }}) * known_current / nullif(known_reference + known_current, 0), 0) as known_rows,
        {{ dbt_segmentation.seg_chi_square_limit('degrees_of_freedom') }} as chi_square_limit
    from drift_metrics

),

measured as (
    {% for metric, threshold in thresholds.items() %}
    select
        snapshot_date,
        segment_key,
        feature,
        '{{ metric }}' as metric,
        {{ metric }} as value,
        {{ threshold }} as threshold,
        {{ 'n_reference' if metric == 'missing_share' else 'known_reference' }} as n_reference,
        {{ 'n_current' if metric == 'missing_share' else 'known_current' }} as n_current,
        {{ '1' if metric == 'missing_share' else 'degrees_of_freedom' }} as degrees_of_freedom
    from limits
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

judged as (

    select
        snapshot_date,
        segment_key,
        feature,
        metric,
        'warehouse' as source,
        {#- a distribution of a handful of people is theirs #}
        case when least(n_reference, n_current) >= {{ dbt_segmentation.seg_var('seg_drift_min_rows') }} then value end as value,
        threshold,
        n_reference,
        n_current,
        case
            when
                least(n_reference, n_current) < {{ dbt_segmentation.seg_var('seg_drift_min_rows') }}
                or degrees_of_freedom < 1 or value is null or threshold is null
                then 'not_tested'
            when value > threshold then 'drift'
            else 'stable'
        end as verdict
    from measured
    union all
    select
        snapshot_date,
        segment_key,
        feature,
        metric,
        'evidently' as source,
        value,
        threshold,
        n_reference,
        n_current,
        verdict
    from evidently_results

),

final as (

    select
        judged.snapshot_date,
        judged.segment_key,
        judged.feature,
        judged.metric,
        judged.source,
        judged.value,
        judged.threshold,
        judged.n_reference,
        judged.n_current,
        judged.verdict,
        current_model.model_version,
        run.run_id,
        run.as_of_date
    from judged
    cross join current_model
    cross join run

)

select * from final
