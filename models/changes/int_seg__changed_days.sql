-- One row per input and day whose rows are not those that features were built from: new, late, corrected or deleted.
with

feature_build as (

    select * from {{ ref('int_seg__feature_build') }}

),

day_digests as (

    select * from {{ ref('int_seg__day_digests') }}

),

built_days as (

    select
        built.input,
        built.day,
        built.row_count,
        built.hash_total
    from {{ dbt_segmentation.seg_built_days() }} as built
    cross join feature_build
    where
        {{ dbt_segmentation.seg_is_compared('built.', 'feature_build.compared_from') }}
        and built.input not in ('run', 'snapshot')
        and not feature_build.is_rebuild

),

final as (

    select
        coalesce(day_digests.input, built_days.input) as input,
        coalesce(day_digests.day, built_days.day) as day,
        case
            when built_days.input is null then 'new'
            when day_digests.input is null then 'gone'
            else 'changed'
        end as change
    from day_digests
    full outer join built_days
        on
            day_digests.input = built_days.input
            and day_digests.day = built_days.day
    where
        built_days.input is null
        or day_digests.input is null
        or day_digests.row_count <> built_days.row_count
        or day_digests.hash_total <> built_days.hash_total

)

select * from final
