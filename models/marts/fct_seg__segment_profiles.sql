-- One row per active segment and feature: what its customers look like today beside everybody.
with

segment_snapshots as (

    select
        customer_id,
        snapshot_date,
        segment_key
    from {{ ref('int_seg__segment_snapshots') }}
    where is_as_of

),

features_long as (

    select * from {{ ref('int_seg__customer_features_long') }}
    where is_as_of

),

feature_catalogue as (

    select * from {{ ref('int_seg__feature_catalogue') }}
    -- the same measure over six windows would fill the profile; the growth says what they say together
    where not is_window or is_clustering_feature

),

run as (

    select * from {{ ref('int_seg__run') }}

),

known_values as (

    select
        segment_snapshots.segment_key,
        features_long.feature,
        features_long.feature_value
    from segment_snapshots
    inner join features_long
        on
            segment_snapshots.customer_id = features_long.customer_id
            and segment_snapshots.snapshot_date = features_long.snapshot_date

),

population_means as (

    select
        feature,
        {{ dbt_segmentation.seg_mean('feature_value') }} as population_mean
    from known_values
    group by feature

),

population as (

    select
        known_values.feature,
        population_means.population_mean,
        sqrt({{ dbt_segmentation.seg_mean(
            '(known_values.feature_value - population_means.population_mean) * (known_values.feature_value - population_means.population_mean)'
        ) }}) as population_std
    from known_values
    inner join population_means
        on known_values.feature = population_means.feature
    group by known_values.feature, population_means.population_mean

),

by_segment as (

    select
        segment_key,
        feature,
        count(*) as customers,
        {{ dbt_segmentation.seg_mean('feature_value') }} as mean_value,
        {{ dbt_segmentation.seg_median('feature_value') }} as median_value
    from known_values
    group by segment_key, feature

),

compared as (

    select
        by_segment.*,
        population.population_mean,
        population.population_std,
        by_segment.customers < {{ dbt_segmentation.seg_var('seg_min_segment_size') }} as is_suppressed,
        coalesce(
            (by_segment.mean_value - population.population_mean) / nullif(population.population_std, 0), 0
        ) as z_score
    from by_segment
    inner join population
        on by_segment.feature = population.feature

),

final as (

    select
        compared.segment_key,
        compared.feature,
        feature_catalogue.family,
        feature_catalogue.label_en,
        feature_catalogue.label_fr,
        feature_catalogue.unit,
        feature_catalogue.is_clustering_feature,
        compared.customers,
        {#- what few people in the segment are known by is theirs, not the segment's #}
        case when not compared.is_suppressed then compared.mean_value end as mean_value,
        case when not compared.is_suppressed then compared.median_value end as median_value,
        compared.population_mean,
        compared.population_std,
        case when not compared.is_suppressed then 100 * compared.mean_value / nullif(compared.population_mean, 0) end as index_to_population,
        case when not compared.is_suppressed then compared.z_score end as z_score,
        case
            when not compared.is_suppressed then
                row_number() over (
                    partition by compared.segment_key, compared.is_suppressed
                    order by abs(compared.z_score) desc, compared.feature
                )
        end as rank_in_segment,
        compared.is_suppressed,
        run.run_id,
        run.as_of_date
    from compared
    inner join feature_catalogue
        on compared.feature = feature_catalogue.feature
    cross join run

)

select * from final
