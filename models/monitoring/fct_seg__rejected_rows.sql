-- One row per input row that no segment is built from because something is wrong with it: which rule it breaks, the value masked.
{%- set checked = {
    'customers': ('int_seg__customer_records', 'source_record_id'),
    'orders': ('int_seg__checked_orders', 'order_id'),
    'order_lines': ('int_seg__checked_order_lines', 'order_line_id'),
    'campaign_touches': ('int_seg__checked_campaign_touches', 'touch_id'),
    'consents': ('int_seg__checked_consents', 'source_record_id'),
    'erasure_requests': ('int_seg__checked_erasure_requests', 'request_id'),
} %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

rejected as (
    {% for input, (model, key) in checked.items() %}
    select
        '{{ input }}' as input,
        {{ 'cast(null as ' ~ dbt.type_string() ~ ')' if input == 'order_lines' else 'source_system' }} as source_system,
        {#- a customer's own number is masked like any value; other keys are needed to find the row #}
        {{ dbt_segmentation.seg_masked(key) if key == 'source_record_id' else key }} as record_key,
        {{ key }} as given_key,
        rejection_reason as reason,
        rejected_field as field,
        {{ dbt_segmentation.seg_masked('rejected_value') }} as masked_value
    from {{ ref(model) }}
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
