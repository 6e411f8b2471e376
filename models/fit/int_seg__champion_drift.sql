-- One row per clustering feature of the champion: how far today's sample lies from the one it was fitted on (PSI on its own bins).
with

champion_parameters as (

    select * from {{ ref('int_seg__champion_parameters') }}

),

fit_sample as (

    select * from {{ ref('int_seg__fit_sample') }}

),

sample_long as (
    {% for feature in dbt_segmentation.seg_fit_features() %}
    select
        '{{ feature }}' as feature,
        customer_id,
        {{ feature }} as feature_value
    from fit_sample
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

clustering_features as (

    select feature
    from champion_parameters
    where stage = 'preprocess' and component = 'scale'

),

edges as (

    select
        feature,
        value as edge
    from champion_parameters
    where stage = 'edge'

),

binned as (

    select
        sample_long.feature,
        sample_long.customer_id,
        case when sample_long.feature_value is null then -1 else count(edges.edge) end as bin
    from sample_long
    inner join clustering_features
        on sample_long.feature = clustering_features.feature
    left join edges
        on
            sample_long.feature = edges.feature
            and sample_long.feature_value > edges.edge
    group by sample_long.feature, sample_long.customer_id, sample_long.feature_value

),

current_counts as (

    select
        feature,
        bin,
        count(*) as n
    from binned
    group by feature, bin

),

reference_counts as (

    select
        feature,
        case when component = 'all:null' then -1 else cast(replace(component, 'all:', '') as {{ dbt.type_int() }}) end as bin,
        value as n
    from champion_parameters
    where stage = 'histogram' and component like 'all:%'

),

counted as (

    select
        reference_counts.feature,
        reference_counts.n as n_reference,
        coalesce(current_counts.n, 0) as n_current,
        sum(reference_counts.n) over (partition by reference_counts.feature) as total_reference,
        sum(coalesce(current_counts.n, 0)) over (partition by reference_counts.feature) as total_current,
        count(*) over (partition by reference_counts.feature) as bins
    from reference_counts
    inner join clustering_features
        on reference_counts.feature = clustering_features.feature
    left join current_counts
        on
            reference_counts.feature = current_counts.feature
            and reference_counts.bin = current_counts.bin

),

shares as (

    select
        *,
        -- half a customer in each cell keeps the logarithms finite
        (n_reference + 0.5) / (total_reference + 0.5 * bins) as p,
        (n_current + 0.5) / (total_current + 0.5 * bins) as q
    from counted

),

final as (

    select
        feature,
        {{ dbt_segmentation.seg_exact_sum('(q - p) * ln(q / p)') }} as psi,
        -- not less than chance alone gives between two samples of these sizes
        greatest(
            {{ dbt_segmentation.seg_refit_psi() }},
            coalesce(
                ({{ dbt_segmentation.seg_chi_square_limit('(max(bins) - 1)') }})
                * (1.0 / nullif(max(total_reference), 0) + 1.0 / nullif(max(total_current), 0)),
                0
            )
        ) as threshold
    from shares
    group by feature

)

select * from final
