-- One row per value that staging repaired or dropped: in which row, what it was and what became of it. Values in clear: see int_seg__repaired_values.
{%- set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{%- set inputs = dbt_segmentation.seg_checked_inputs() %}
{% for input in inputs %}
-- depends_on: {{ dbt_segmentation.seg_input(input) }}
{%- endfor %}
with

{% for input, checked in inputs.items() -%}
{%- set contract = dbt_segmentation.seg_input_columns()[input] -%}
{#- what names a person, or no single row, is told by the record's pseudonym -#}
{%- set by_record = input in ('customers', 'consents', 'customer_attributes') -%}
{%- set row_key = 'record_key' if by_record else 'cast(' ~ checked.key ~ ' as ' ~ dbt.type_string() ~ ')' -%}
{{ input }}_rows as (

    select
        {{ row_key }} as row_key,
        {{ 'record_key' if 'source_record_id' in contract else nothing }} as owner_key,
        {{ 'order_id' if input == 'order_lines' else nothing }} as order_key,
        {{- dbt_segmentation.seg_repair_columns(input) }}
    from {{ ref('stg_seg__' ~ input) }}

),

{{ input }}_repairs as (
    {{ dbt_segmentation.seg_unpivoted(
        input ~ '_rows', ['row_key', 'owner_key', 'order_key'], dbt_segmentation.seg_repaired_columns(input), ['repair', 'before', 'after']
    ) }}
),

{% endfor -%}
final as (
    {% for input in inputs %}
    select
        '{{ input }}' as input,
        row_key,
        owner_key,
        order_key,
        field,
        repair,
        before as value_before,
        after as value_after
    from {{ input }}_repairs
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select * from final
