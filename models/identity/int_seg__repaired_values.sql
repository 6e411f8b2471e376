-- One row per value of a person who may be profiled, or of a reference table, that staging repaired or dropped in a way that decides what it means.
{%- set listed = [] -%}
{%- for repair, is_listed in dbt_segmentation.seg_repairs().items() if is_listed -%}{%- do listed.append("'" ~ repair ~ "'") -%}{%- endfor %}
{%- set of_owners = [] -%}
{%- for input, columns in dbt_segmentation.seg_input_columns().items() if 'source_record_id' in columns -%}{%- do of_owners.append("'" ~ input ~ "'") -%}{%- endfor %}
with

repairs as (

    select * from {{ ref('stg_seg__repairs') }}
    where repair in ({{ listed | join(', ') }})

),

orders as (

    select
        order_id,
        record_key
    from {{ ref('stg_seg__orders') }}
    where order_id in (select listed.order_key from repairs as listed)

),

suppressed_records as (

    select * from {{ ref('int_seg__suppressed_records') }}

),

-- a line belongs to whom its order belongs to; where copies of an order disagree, to all of them
suppressed_orders as (

    select distinct orders.order_id
    from orders
    left join suppressed_records
        on orders.record_key = suppressed_records.record_key
    where suppressed_records.record_key is not null or orders.record_key is null

),

allowed as (

    select repairs.*
    from repairs
    left join suppressed_records
        on repairs.owner_key = suppressed_records.record_key
    left join suppressed_orders
        on repairs.order_key = suppressed_orders.order_id
    where
        suppressed_records.record_key is null
        and suppressed_orders.order_id is null
        -- what has no owner's number may be anybody's
        and (repairs.input not in ({{ of_owners | join(', ') }}) or repairs.owner_key is not null)

),

final as (

    select
        input,
        row_key as record_key,
        field,
        repair,
        {{ dbt_segmentation.seg_masked('value_before') }} as masked_before,
        {{ dbt_segmentation.seg_masked('value_after') }} as masked_after
    from allowed

)

select * from final
