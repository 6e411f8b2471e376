-- One row per dimension and category of the population that customers are weighted to: its share, which add up to one per dimension.
{%- set dimensions = dbt_segmentation.seg_margin_dimensions() %}
{%- set double = dbt_segmentation.seg_type('double') %}
with

given as (

    select
        trim(cast(dimension as {{ dbt.type_string() }})) as dimension,
        trim(cast(category as {{ dbt.type_string() }})) as category,
        {{ dbt_segmentation.seg_reference_number('share') }} as share
    from {{ dbt_segmentation.seg_reference('population_margins') }}

),

positive as (

    select
        dimension,
        category,
        cast(sum(cast(share as decimal(28, 12))) as {{ double }}) as share
    from given
    -- shares, per cent or heads: what is larger than any population is no share, and no decimal
    where share > 0 and share < 1e12 and dimension is not null and category is not null
    group by dimension, category

),

customers as (
    {% for dimension in dimensions %}
    select
        '{{ dimension }}' as dimension,
        cast({{ dimension }} as {{ dbt.type_string() }}) as category,
        count(*) as customers
    from {{ ref('int_seg__customers') }}
    group by {{ dimension }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

matched as (

    select
        positive.dimension,
        positive.category,
        positive.share,
        coalesce(customers.customers, 0) as customers,
        positive.dimension in ({% for dimension in dimensions %}'{{ dimension }}'{{ ', ' if not loop.last }}{% endfor %}) as is_known_dimension
    from positive
    left join customers
        on
            positive.dimension = customers.dimension
            and positive.category = customers.category

),

numbered as (

    select
        *,
        -- only what somebody can stand for is reached
        case when customers > 0 then 1 else 0 end as is_reached,
        dense_rank() over (
            order by case when is_known_dimension and customers > 0 then 0 else 1 end asc, dimension asc
        ) as number_among_reached
    from matched

),

final as (

    select
        dimension,
        category,
        share / cast(sum(cast(share as decimal(28, 12))) over (partition by dimension) as {{ double }}) as share,
        case
            when is_reached = 1
                then
                    share / cast(
                        sum(cast(case when is_reached = 1 then share end as decimal(28, 12))) over (partition by dimension) as {{ double }}
                    )
        end as reached_share,
        customers,
        is_known_dimension,
        case when is_reached = 1 then number_among_reached end as dimension_number
    from numbered

)

select * from final
