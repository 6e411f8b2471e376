-- One row per number of customers or segments that has a credible range: of customers, of a sector, of a segment; of sectors, of segments.
{%- set double = dbt_segmentation.seg_type('double') %}
with

customers as (

    select * from {{ ref('int_seg__customers') }}

),

segment_snapshots as (

    select * from {{ ref('int_seg__segment_snapshots') }}
    where is_as_of

),

bounds as (

    select
        lower(trim(cast(level as {{ dbt.type_string() }}))) as level,
        trim(cast(name as {{ dbt.type_string() }})) as name,
        {{ dbt_segmentation.seg_reference_number('minimum') }} as minimum,
        {{ dbt_segmentation.seg_reference_number('maximum') }} as maximum,
        lower(trim(cast(severity as {{ dbt.type_string() }}))) as severity,
        cast(how_to_correct as {{ dbt.type_string() }}) as how_to_correct
    from {{ dbt_segmentation.seg_reference('credible_counts') }}

),

counts as (

    select
        'customers' as level,
        '*' as name,
        count(*) as n
    from customers
    union all
    select
        'sectors' as level,
        '*' as name,
        count(distinct sector) as n
    from customers
    having count(sector) > 0
    union all
    select
        'sector' as level,
        sector as name,
        count(*) as n
    from customers
    where sector is not null
    group by sector
    union all
    select
        'segments' as level,
        '*' as name,
        count(distinct segment_key) as n
    from segment_snapshots
    having count(segment_key) > 0
    union all
    select
        'segment' as level,
        segment_key as name,
        count(*) as n
    from segment_snapshots
    where segment_key is not null
    group by segment_key

),

-- a range for a name that nobody has any more is missed as well
named as (

    select
        level,
        name
    from counts
    union
    select
        level,
        name
    from bounds
    where level in ('sector', 'segment') and name <> '*'

),

matched as (

    select
        named.level,
        named.name,
        coalesce(counts.n, 0) as n,
        bounds.minimum,
        bounds.maximum,
        bounds.severity,
        bounds.how_to_correct,
        row_number() over (
            partition by named.level, named.name
            order by
                case when bounds.name = named.name then 0 else 1 end asc,
                bounds.minimum asc, bounds.maximum asc, bounds.severity asc, bounds.how_to_correct asc
        ) as closeness
    from named
    inner join bounds
        on
            named.level = bounds.level
            and bounds.name in (named.name, '*')
    left join counts
        on
            named.level = counts.level
            and named.name = counts.name

),

final as (

    select
        level,
        name,
        n,
        minimum,
        maximum,
        severity,
        how_to_correct
    from matched
    where closeness = 1

)

select * from final
