-- One row per model and candidate that was tried for it: every index, and why it won or lost.
{%- set indices = [
    'silhouette', 'calinski_harabasz', 'davies_bouldin', 'inertia', 'gap', 'stability_min', 'stability_mean', 'smallest_segment', 'score'
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
        cast(max(case when component = 'n_segments' then value end) as {{ dbt.type_bigint() }}) as n_segments,
        {%- for index in indices %}
        max(case when component = '{{ index }}' then value end) as {{ index }},
        {%- endfor %}
        max(case when component = 'is_eligible' then value end) = 1 as is_eligible,
        max(case when component = 'is_winner' then value end) = 1 as is_winner,
        max(case when component = 'reason' then text_value end) as reason
    from registry
    group by model_version, feature

),

final as (

    select
        pivoted.*,
        run.run_id,
        run.as_of_date
    from pivoted
    cross join run

)

select * from final
