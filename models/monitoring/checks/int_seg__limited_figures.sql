-- One row per figure that seg_quality_limits judges: the figure with the limit that fits it best.
-- A row that names both input and field goes before one that names the input, that before one for any.
{%- set models = ['input_figures', 'identity_figures', 'distribution_figures', 'margin_figures'] %}
{%- set double = dbt_segmentation.seg_type('double') %}
with

figures as (
    {% for model in models %}
    select
        category,
        input,
        field,
        metric,
        {{ 'chance_limit' if model in ('distribution_figures', 'margin_figures') else 'cast(null as ' ~ double ~ ') as chance_limit' }},
        cast(value as {{ double }}) as value,
        cast(n as {{ dbt.type_bigint() }}) as n,
        message
    from {{ ref('int_seg__' ~ model) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

limits as (

    select
        trim(cast(metric as {{ dbt.type_string() }})) as metric,
        trim(cast(input as {{ dbt.type_string() }})) as input,
        trim(cast(field as {{ dbt.type_string() }})) as field,
        {{ dbt_segmentation.seg_reference_number('warn') }} as warn,
        {{ dbt_segmentation.seg_reference_number('stop') }} as stop,
        {{ dbt_segmentation.seg_reference_number('min_rows', 'integer') }} as min_rows,
        cast(how_to_correct as {{ dbt.type_string() }}) as how_to_correct
    from {{ dbt_segmentation.seg_reference('quality_limits') }}

),

matched as (

    select
        figures.*,
        limits.warn,
        limits.stop,
        limits.min_rows,
        limits.how_to_correct,
        row_number() over (
            partition by figures.input, figures.field, figures.metric
            order by
                case when limits.input = figures.input then 2 else 0 end
                + case when limits.field = figures.field then 1 else 0 end desc,
                limits.warn asc, limits.stop asc, limits.min_rows asc, limits.how_to_correct asc
        ) as closeness
    from figures
    left join limits
        on
            figures.metric = limits.metric
            and limits.input in (figures.input, '*')
            and limits.field in (figures.field, '*')

),

final as (

    select
        category,
        input,
        field,
        metric,
        value,
        n,
        -- chance alone is no reason to warn
        case when chance_limit > warn then chance_limit else warn end as threshold_warn,
        case when chance_limit > stop then chance_limit else stop end as threshold_stop,
        coalesce(min_rows, 1) as min_rows,
        message,
        how_to_correct
    from matched
    where closeness = 1

)

select * from final
