-- One row per business range that applies: how many used rows lie outside it.
{%- set inputs = dbt_segmentation.seg_audited_inputs() %}
{%- set double = dbt_segmentation.seg_type('double') %}
with

ranges as (

    select
        trim(cast(input as {{ dbt.type_string() }})) as input,
        trim(cast(field as {{ dbt.type_string() }})) as field,
        {{ dbt_segmentation.seg_reference_number('minimum') }} as minimum,
        {{ dbt_segmentation.seg_reference_number('maximum') }} as maximum,
        {{ dbt_segmentation.seg_reference_number('share_allowed') }} as share_allowed,
        lower(trim(cast(severity as {{ dbt.type_string() }}))) as severity,
        cast(how_to_correct as {{ dbt.type_string() }}) as how_to_correct,
        -- one range a field: of several the narrowest would be luck
        row_number() over (
            partition by trim(cast(input as {{ dbt.type_string() }})), trim(cast(field as {{ dbt.type_string() }}))
            order by minimum asc, maximum asc, share_allowed asc, severity asc, how_to_correct asc
        ) as range_number
    from {{ dbt_segmentation.seg_reference('business_ranges') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

measured as (

    select
        cast(null as {{ dbt.type_string() }}) as input,
        cast(null as {{ dbt.type_string() }}) as field,
        cast(null as {{ dbt.type_bigint() }}) as range_number,
        cast(null as {{ dbt.type_bigint() }}) as n,
        cast(null as {{ dbt.type_bigint() }}) as outside
    where 1 = 0
    {%- for input, its in inputs.items() %}
    {%- for field in its.numbers + (['days_ago'] if its.day else []) %}
    {%- set value = dbt.datediff('used_rows.' ~ its.day, 'run.as_of_date', 'day') if field == 'days_ago' else 'used_rows.' ~ field %}
    union all
    select
        ranges.input,
        ranges.field,
        ranges.range_number,
        count({{ value }}) as n,
        count(case when {{ value }} < ranges.minimum or {{ value }} > ranges.maximum then 1 end) as outside
    from {{ ref(its['values']) }} as used_rows
    cross join run
    inner join ranges
        on ranges.input = '{{ input }}' and ranges.field = '{{ field }}'
    where used_rows.row_status = 'used'
    group by ranges.input, ranges.field, ranges.range_number
    {%- endfor %}
    {%- endfor %}

),

final as (

    select
        measured.input,
        measured.field,
        measured.range_number,
        measured.n,
        measured.outside,
        ranges.minimum,
        ranges.maximum,
        ranges.share_allowed,
        ranges.severity,
        ranges.how_to_correct
    from measured
    inner join ranges
        on
            measured.input = ranges.input
            and measured.field = ranges.field
            and measured.range_number = ranges.range_number

)

select * from final
