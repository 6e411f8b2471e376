-- One row per input row that no segment is built from because something is wrong with it: which rule it breaks, the value masked.
{%- set columns = dbt_segmentation.seg_input_columns() %}
{%- set checked = dbt_segmentation.seg_checked_inputs() %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

rejected as (
    {% for input, its in checked.items() %}
    select
        '{{ input }}' as input,
        {{ 'source_system' if 'source_system' in columns[input] else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as source_system,
        {#- a customer's own number is masked like any value; other keys are needed to find the row #}
        {{ dbt_segmentation.seg_masked(its.key) if its.key == 'source_record_id' else 'cast(' ~ its.key ~ ' as ' ~ dbt.type_string() ~ ')' }} as record_key,
        cast({{ its.key }} as {{ dbt.type_string() }}) as given_key,
        rejection_reason as reason,
        rejected_field as field,
        masked_value
    from {{ ref(its.model) }}
    where row_status = 'rejected'
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

numbered as (

    select
        *,
        row_number() over (
            partition by input, source_system, given_key
            order by reason, field, masked_value
        ) as occurrence
    from rejected

),

final as (

    select
        {{ dbt_segmentation.seg_key(['input', 'source_system', 'given_key', 'occurrence']) }} as rejected_row_key,
        numbered.input,
        numbered.source_system,
        numbered.record_key,
        numbered.reason,
        numbered.field,
        numbered.masked_value,
        run.run_id,
        run.as_of_date
    from numbered
    cross join run

)

select * from final
