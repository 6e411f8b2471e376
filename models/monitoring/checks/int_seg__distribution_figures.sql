-- One row per comparison, input and field: how far two distributions lie apart, and how far chance alone puts two samples of their sizes.
-- Kolmogorov-Smirnov for numbers, chi-square as Cramér's V for categories; against the source both tell how far what is used
-- lies from all that was read: the distance from what is not used, by the share of that.
{%- set double = dbt_segmentation.seg_type('double') %}
{%- set least = dbt_segmentation.seg_var('seg_drift_min_rows') %}
with

distribution_values as (

    select * from {{ ref('int_seg__distribution_values') }}

),

distribution_categories as (

    select * from {{ ref('int_seg__distribution_categories') }}

),

ranked as (

    select
        comparison,
        input,
        field,
        sum(n_first) over (partition by comparison, input, field) as total_first,
        sum(n_second) over (partition by comparison, input, field) as total_second,
        sum(n_first) over (
            partition by comparison, input, field
            order by value rows between unbounded preceding and current row
        ) as up_to_first,
        sum(n_second) over (
            partition by comparison, input, field
            order by value rows between unbounded preceding and current row
        ) as up_to_second
    from distribution_values

),

numbers as (

    select
        comparison,
        input,
        field,
        'ks' as test,
        max(total_first) as n_first,
        max(total_second) as n_second,
        max(abs(
            cast(up_to_first as {{ double }}) / nullif(total_first, 0) - cast(up_to_second as {{ double }}) / nullif(total_second, 0)
        )) as distance,
        2 as groups
    from ranked
    group by comparison, input, field

),

grouped as (

    -- categories of a few people are one: chi-square needs a handful in each
    select
        comparison,
        input,
        field,
        case when n_first + n_second >= 10 then category end as category,
        sum(n_first) as n_first,
        sum(n_second) as n_second
    from distribution_categories
    group by comparison, input, field, case when n_first + n_second >= 10 then category end

),

totalled as (

    select
        *,
        cast(n_first + n_second as {{ double }}) as n_both,
        cast(sum(n_first) over (partition by comparison, input, field) as {{ double }}) as total_first,
        cast(sum(n_second) over (partition by comparison, input, field) as {{ double }}) as total_second
    from grouped

),

categories as (

    select
        comparison,
        input,
        field,
        'cramers_v' as test,
        max(total_first) as n_first,
        max(total_second) as n_second,
        -- of a table with two rows: square root of chi-square over n
        sqrt({{ dbt_segmentation.seg_exact_sum(
            'power(n_first * total_second - n_second * total_first, 2) / nullif(n_both * total_first * total_second * (total_first + total_second), 0)'
        ) }}) as distance,
        count(*) as groups
    from totalled
    group by comparison, input, field

),

figures as (

    select
        *,
        -- Smirnov's quantile (1948)
        case when comparison = 'source' then n_first / nullif(n_first + n_second, 0) else 1 end as reach,
        {{ dbt_segmentation.seg_critical_values().ks }} * sqrt((n_first + n_second) / nullif(n_first * n_second, 0)) as chance
    from numbers
    union all
    select
        *,
        1 as reach,
        sqrt({{ dbt_segmentation.seg_chi_square_limit('(groups - 1)') }} / nullif(n_first + n_second, 0)) as chance
    from categories

),

final as (

    select
        'distribution' as category,
        input,
        field,
        {{ dbt.concat(['test', "'_to_'", 'comparison']) }} as metric,
        case when least(n_first, n_second) >= {{ least }} and groups > 1 then distance * reach end as value,
        cast(n_first + n_second as {{ dbt.type_bigint() }}) as n,
        chance * reach as chance_limit,
        {{ dbt.concat([
            "case when comparison = 'source' then 'what is used lies ' else 'the as-of snapshot lies ' end",
            "coalesce(" ~ dbt_segmentation.seg_told_number('distance * reach') ~ ", 'an unknown distance')",
            "case when comparison = 'source' then ' from all that was read (' else ' from the one before (' end",
            "case when test = 'ks' then 'Kolmogorov-Smirnov' else 'Cramer''s V' end",
            "'; '", dbt_segmentation.seg_told_count('n_first'),
            "case when comparison = 'source' then ' not used, ' else ' values then, ' end", dbt_segmentation.seg_told_count('n_second'),
            "case when comparison = 'source' then ' used)' else ' now)' end"
        ]) }} as message
    from figures

)

select * from final
