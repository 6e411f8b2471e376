-- One row per model and candidate that was tried for it: every index, and why it won or lost.
{%- set indices = [
    'silhouette', 'silhouette_min', 'silhouette_excess', 'shape_excess', 'calinski_harabasz', 'davies_bouldin', 'dunn', 'inertia', 'gap', 'bic',
    'structure', 'stability_curve', 'stability_min', 'stability_mean', 'prediction_strength', 'fold_agreement', 'agreement', 'purity', 'adjusted_rand', 'cost_of_change',
    'smallest_segment', 'score'
] %}
with

registry as (

    select * from {{ ref('ml_seg__model_parameters') }}
    where stage = 'candidate'

),

run as (

    select * from {{ ref('int_seg__run') }}

),

pivoted as (

    select
        model_version,
        feature as candidate,
        max(case when component = 'algorithm' then text_value end) as algorithm,
        max(case when component = 'options' then text_value end) as options,
        max(case when component = 'stage' then text_value end) as stage,
        cast(max(case when component = 'n_segments' then value end) as {{ dbt.type_bigint() }}) as n_segments,
        {%- for index in indices %}
        max(case when component = '{{ index }}' then value end) as {{ index }},
        {%- endfor %}
        cast(max(case when component = 'n_merged' then value end) as {{ dbt.type_bigint() }}) as n_merged,
        cast(max(case when component = 'n_used' then value end) as {{ dbt.type_bigint() }}) as n_used,
        coalesce(max(case when component = 'is_elbow' then value end), 0) = 1 as is_elbow,
        max(case when component = 'is_eligible' then value end) = 1 as is_eligible,
        max(case when component = 'is_winner' then value end) = 1 as is_winner,
        max(case when component = 'reason' then text_value end) as reason
    from registry
    group by model_version, feature

),

final as (

    select
        pivoted.*,
        -- what the literature asks for: Kaufman and Rousseeuw's 'reasonable' and more, Hennig's 'valid', Tibshirani and Walther's
        cast(0.6 as {{ dbt_segmentation.seg_type('double') }}) as silhouette_reference,
        cast(0.75 as {{ dbt_segmentation.seg_type('double') }}) as stability_reference,
        cast(0.8 as {{ dbt_segmentation.seg_type('double') }}) as prediction_strength_reference,
        run.run_id,
        run.as_of_date
    from pivoted
    cross join run

)

select * from final
