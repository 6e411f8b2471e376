-- One row per measure of how far the customers stand for the population whose margins are given, before and after weighting.
{%- set dimensions = dbt_segmentation.seg_margin_dimensions() %}
{%- set double = dbt_segmentation.seg_type('double') %}
{%- set number = dbt_segmentation.seg_told_number %}
with

margins as (

    select * from {{ ref('int_seg__margins') }}

),

weighted_customers as (

    select
        customers.*,
        sample_weights.weight
    from {{ ref('int_seg__customers') }} as customers
    inner join {{ ref('int_seg__sample_weights') }} as sample_weights
        on customers.customer_id = sample_weights.customer_id

),

weighted as (
    {% for dimension in dimensions %}
    select
        '{{ dimension }}' as dimension,
        cast({{ dimension }} as {{ dbt.type_string() }}) as category,
        {{ dbt_segmentation.seg_exact_sum('weight') }} as weight
    from weighted_customers
    group by {{ dimension }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

cells as (

    select
        margins.dimension,
        margins.category,
        margins.share,
        margins.reached_share,
        margins.customers,
        margins.is_known_dimension,
        margins.dimension_number,
        cast(sum(margins.customers) over (partition by margins.dimension) as {{ double }}) as n,
        weighted.weight
        / nullif(cast(sum(cast(weighted.weight as decimal(28, 12))) over (partition by margins.dimension) as {{ double }}), 0) as weighted_share
    from margins
    left join weighted
        on
            margins.dimension = weighted.dimension
            and margins.category = weighted.category

),

by_dimension as (

    select
        dimension,
        cast(max(n) as {{ dbt.type_bigint() }}) as n,
        count(*) as categories,
        count(case when customers = 0 then 1 end) as unreached,
        case when max(case when is_known_dimension then 1 else 0 end) = 1 then 0 else 1 end as is_unknown,
        max(dimension_number) as dimension_number,
        -- Cohen's w: square root of chi-square against the margins over n
        sqrt({{ dbt_segmentation.seg_exact_sum('power(customers / nullif(n, 0) - share, 2) / share') }}) as effect,
        round(max(abs(weighted_share - reached_share)), 9) as gap
    from cells
    group by dimension

),

inequality as (

    select
        count(*) as n,
        -- 1 less Kish's effective sample share (1965)
        1 - power({{ dbt_segmentation.seg_exact_sum('weight') }}, 2)
        / nullif(count(*) * {{ dbt_segmentation.seg_exact_sum('weight * weight') }}, 0) as inefficiency
    from weighted_customers

),

figures as (

    select
        dimension as field,
        'margin_effect' as metric,
        effect as value,
        n,
        sqrt({{ dbt_segmentation.seg_chi_square_limit('(categories - 1)') }} / nullif(n, 0)) as chance_limit,
        {{ dbt.concat(["'customers lie '", "coalesce(" ~ number('effect') ~ ", 'an unknown distance')", "' (Cohen''s w) from the margins of '", 'dimension', "' before weighting'"]) }} as message
    from by_dimension
    union all
    select
        dimension as field,
        'margin_gap_after_weights' as metric,
        gap as value,
        n,
        cast(null as {{ double }}) as chance_limit,
        {{ dbt.concat(["'after weighting a share of '", 'dimension', "' is up to '", "coalesce(" ~ dbt_segmentation.seg_told_percent('gap') ~ ", 'an unknown distance')", "' away from its margin'"]) }} as message
    from by_dimension
    union all
    select
        dimension as field,
        'category_without_customers' as metric,
        unreached as value,
        categories as n,
        cast(null as {{ double }}) as chance_limit,
        {{ dbt.concat([dbt_segmentation.seg_told_count('unreached'), "' of '", dbt_segmentation.seg_told_count('categories'), "' categories of '", 'dimension', "' have no customer'"]) }} as message
    from by_dimension
    union all
    select
        dimension as field,
        'unknown_dimension' as metric,
        case when is_unknown = 1 or dimension_number > 4 then 1 else 0 end as value,
        categories as n,
        cast(null as {{ double }}) as chance_limit,
        {{ dbt.concat(['dimension', "case when is_unknown = 1 then ' is no column that can be weighted' when dimension_number > 4 then ' is a fifth dimension: four are weighted, in alphabetical order' else ' can be weighted' end"]) }} as message
    from by_dimension
    union all
    select
        'all' as field,
        'weight_inefficiency' as metric,
        inefficiency as value,
        n,
        cast(null as {{ double }}) as chance_limit,
        {{ dbt.concat(["'unequal weights cost '", "coalesce(" ~ dbt_segmentation.seg_told_percent('inefficiency') ~ ", 'an unknown part')", "' of the sample (Kish)'"]) }} as message
    from inequality
    where exists (select 1 from margins)

),

final as (

    select
        'representativeness' as category,
        'population_margins' as input,
        field,
        metric,
        value,
        n,
        chance_limit,
        message
    from figures

)

select * from final
