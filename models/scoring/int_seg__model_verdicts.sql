-- One row per model: the verdict that holds as of the as-of date, who gave it and why; of a model of a later day, the last one.
{{ config(materialized='view') }}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

promotions as (

    select * from {{ ref('int_seg__promotions') }}

),

ranked as (

    select
        promotions.model_version,
        promotions.verdict,
        promotions.reason,
        promotions.decided_by,
        promotions.as_of_date,
        -- only the gate measures
        max(promotions.renamed_share) over (partition by promotions.model_version) as renamed_share,
        max(promotions.silhouette_now) over (partition by promotions.model_version) as silhouette_now,
        max(promotions.champion_silhouette) over (partition by promotions.model_version) as champion_silhouette,
        row_number() over (
            partition by promotions.model_version
            order by
                case when {{ dbt_segmentation.seg_verdict_counts('promotions') }} then 0 else 1 end asc,
                promotions.decision_number desc
        ) as recency_rank
    from promotions
    cross join run

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
    from ranked
    where recency_rank = 1

)

select * from final
