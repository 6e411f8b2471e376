-- One row per input, field and repair: how many values staging repaired or dropped so. White space and letter case included.
{%- set inputs = dbt_segmentation.seg_checked_inputs() %}
with

repairs as (

    select
        input,
        field,
        repair,
        count(*) as repaired_values
    from {{ ref('stg_seg__repairs') }}
    group by 1, 2, 3

),

{% for input in inputs -%}
{%- set counts = dbt_segmentation.seg_cosmetic_counts(input) %}
{%- if counts %}
{{ input }}_texts as (

    select
        {%- for field, repair, expression in counts %}
        {{ expression }} as {{ field }}_{{ repair }},
        {%- endfor %}
        count(*) as rows_read
    from {{ dbt_segmentation.seg_input(input) }} {{- dbt_segmentation.seg_where_known(input) }}

),

{% endif %}
{%- endfor -%}
counted as (
    {% for input in inputs %}
    {%- for repair, told in dbt_segmentation.seg_cosmetic_counts(input) | groupby(1) %}
    select
        '{{ input }}' as input,
        field,
        '{{ repair }}' as repair,
        {{ repair }} as repaired_values
    from ({{ dbt_segmentation.seg_unpivoted(input ~ '_texts', ['rows_read'], told | map(attribute=0) | list, [repair]) }}) as told
    union all
    {%- endfor %}
    {%- endfor %}
    select
        input,
        field,
        repair,
        repaired_values
    from repairs

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        counted.input,
        counted.field,
        counted.repair,
        counted.repaired_values,
        run.run_id,
        run.as_of_date
    from counted
    cross join run
    where counted.repaired_values > 0

)

select * from final
