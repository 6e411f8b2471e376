-- One row per input: rows read from the source, and what became of them.
{%- set checked = {
    'customers': 'int_seg__customer_records',
    'orders': 'int_seg__checked_orders',
    'order_lines': 'int_seg__checked_order_lines',
    'campaign_touches': 'int_seg__checked_campaign_touches',
    'consents': 'int_seg__checked_consents',
    'erasure_requests': 'int_seg__checked_erasure_requests',
} %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

{% for input, model in checked.items() -%}
{{ input }}_read as (

    -- counted at the source itself, before any rule of ours
    select count(*) as rows_read
    from {{ dbt_segmentation.seg_input(input) }}

),

{{ input }}_checked as (

    select
        count(case when row_status = 'used' then 1 end) as rows_used,
        count(case when row_status = 'rejected' then 1 end) as rows_rejected,
        count(case when row_status = 'later' then 1 end) as rows_later,
        count(case when row_status = 'withheld' then 1 end) as rows_withheld
    from {{ ref(model) }}

),

{% endfor -%}
reconciled as (
    {% for input in checked %}
    select
        '{{ input }}' as input,
        {{ input }}_read.rows_read,
        {{ input }}_checked.rows_used,
        {{ input }}_checked.rows_rejected,
        {{ input }}_checked.rows_later,
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
