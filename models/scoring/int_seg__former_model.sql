-- One row or none: the model that told the last final snapshot before the as-of date, where it is another than the one that scores now.
with

run as (

    select * from {{ ref('int_seg__run') }}

),

current_model as (

    select * from {{ ref('int_seg__current_model') }}

),

told_memberships as (

    select told.* from {{ dbt_segmentation.seg_told_memberships() }} as told
    cross join run
    where
        told.snapshot_date < run.as_of_date
        and not told.is_provisional
        and told.snapshot_period = '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}'

),

registry as (

    select distinct model_version
    from {{ ref('ml_seg__model_parameters') }}

),

last_told as (

    select max(snapshot_date) as snapshot_date
    from told_memberships

),

ranked as (

    select
        told_memberships.model_version,
        row_number() over (order by count(*) desc, told_memberships.model_version asc) as frequency_rank
    from told_memberships
    inner join last_told
        on told_memberships.snapshot_date = last_told.snapshot_date
    inner join registry
        on told_memberships.model_version = registry.model_version
    group by told_memberships.model_version

),

final as (

    select ranked.model_version
    from ranked
    left join current_model
        on ranked.model_version = current_model.model_version
    where ranked.frequency_rank = 1 and current_model.model_version is null

)

select * from final
