-- One row per model: the verdict that holds, who gave it and why.
{{ config(materialized='view') }}
with

promotions as (

    select
        model_version,
        verdict,
        reason,
        decided_by,
        as_of_date,
        -- only the gate measures
        max(renamed_share) over (partition by model_version) as renamed_share,
        max(silhouette_now) over (partition by model_version) as silhouette_now,
        max(champion_silhouette) over (partition by model_version) as champion_silhouette,
        row_number() over (partition by model_version order by decision_number desc) as recency_rank
    from {{ ref('int_seg__promotions') }}

),

final as (

    select
        model_version,
        verdict,
        reason,
        decided_by,
        renamed_share,
        silhouette_now,
        champion_silhouette,
        as_of_date
    from promotions
    where recency_rank = 1

)

select * from final
