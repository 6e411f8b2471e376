-- One row per input: rows read from the source, and what became of them.
{%- set checked = dbt_segmentation.seg_checked_inputs() %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

{% for input, its in checked.items() -%}
{{ input }}_read as (

    -- counted at the source itself, before any rule of ours
    select
        count(*) as rows_read,
        {#- what had not arrived by seg_known_on is later too #}
        {%- set known = dbt_segmentation.seg_known_rows(input) %}
        {{ 'count(case when not ' ~ known ~ ' then 1 end)' if known else 0 }} as rows_not_arrived
    from {{ dbt_segmentation.seg_input(input) }}

),

{{ input }}_checked as (

    select
        count(case when row_status = 'used' then 1 end) as rows_used,
        count(case when row_status = 'rejected' then 1 end) as rows_rejected,
        count(case when row_status = 'later' then 1 end) as rows_later,
        count(case when row_status = 'withheld' then 1 end) as rows_withheld
    from {{ ref(its.model) }}

),

{% endfor -%}
reconciled as (
    {% for input in checked %}
    select
        '{{ input }}' as input,
        {{ input }}_read.rows_read,
        {{ input }}_checked.rows_used,
        {{ input }}_checked.rows_rejected,
        {{ input }}_checked.rows_later + {{ input }}_read.rows_not_arrived as rows_later,
        {{ input }}_checked.rows_withheld
    from {{ input }}_read
    cross join {{ input }}_checked
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

final as (

    select
        reconciled.*,
        run.run_id,
        run.as_of_date
    from reconciled
    cross join run

)

select * from final
