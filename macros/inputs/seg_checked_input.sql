{#- The body of a model that judges the rows of an input: each gets its customer, its local day, and one status; of a row that
    is withheld nothing but the status is kept.
    `key`: columns that name a row; of copies the earliest good one counts, by `first_by` or `day_of`.
    `day_of`: the timestamp that a row happened at, none for reference tables; `day`: the name of its local day. `owner`: must (rows
    carry the number of a source record), may (rows without one are of nobody known, and withheld) or none. `derived`: further columns, name -> expression; `extra`:
    columns that `model` has besides the contract's; `rules`: further
    reasons to reject; `left_out`: columns of the contract that are not stored. `model`: what to read, if not the staging view. -#}
{% macro seg_checked_input(input, key, day_of=none, day=none, first_by=none, owner='must', derived={}, extra=[], rules=[], left_out=[], model=none) %}
  {%- set columns = dbt_segmentation.seg_input_columns()[input] -%}
  {%- set day = day or (modules.re.sub('_at$', '', day_of) ~ '_day' if day_of else none) -%}
  {%- set stored = columns.keys() | reject('in', left_out) | list
    + derived.keys() | list + extra + (['customer_id'] if owner != 'none' else []) + ([day] if day else [])
    + ['rejection_reason', 'rejected_field', 'masked_value'] -%}
  {%- set before = dbt_segmentation.seg_unreadable_rules(input) -%}
  {%- set after = ([(dbt_segmentation.seg_is_future(day, 'run_date'), 'in_the_future', day_of, day_of ~ '_as_given')] if day else [])
    + rules
    + ([('customer_id is null and source_record_id is not null', 'unknown_customer', 'source_record_id', 'source_record_id')]
      if owner != 'none' else []) -%}
  {%- set always = (key[-1:] + ['source_system', 'customer_id', 'rejection_reason', 'rejected_field', 'masked_value']) if owner != 'none' else none -%}
with

input_rows as (

    select * from {{ ref(model or 'stg_seg__' ~ input) }}

),

{% if owner != 'none' -%}
customer_records as (

    select
        source_system,
        source_record_id,
        customer_id
    from {{ ref('int_seg__customer_records') }}

),

suppressed_records as (

    select * from {{ ref('int_seg__suppressed_records') }}

),

{% endif -%}
run as (

    select * from {{ ref('int_seg__run') }}

),

{% if owner != 'none' -%}
owned as (

    select
        input_rows.*,
        customer_records.customer_id,
        -- hashing costs: only rows whose owner is not among the customers are looked up among the suppressed
        case when customer_records.customer_id is null then input_rows.record_key end as unknown_record_key
    from input_rows
    left join customer_records
        on
            input_rows.source_system = customer_records.source_system
            and input_rows.source_record_id = customer_records.source_record_id

),
{%- else -%}
owned as (

    select * from input_rows

),
{%- endif %}

prepared as (

    select
        owned.*,
        {%- if owner != 'none' %}
        case
            when suppressed_records.record_key is not null then 'withheld'
            {%- if owner == 'may' %}
            -- who is nobody known has consented to nothing
            when owned.source_record_id is null then 'withheld'
            {%- endif %}
        end as owner_status,
        {%- else %}
        cast(null as {{ dbt.type_string() }}) as owner_status,
        {%- endif %}
        {%- for name, expression in derived.items() %}
        {{ expression }} as {{ name }},
        {%- endfor %}
        {%- if day %}
        cast({{ dbt_segmentation.seg_local_time('owned.' ~ day_of) }} as date) as {{ day }},
        {%- endif %}
        run.as_of_date,
        run.run_date
    from owned
    cross join run
    {%- if owner != 'none' %}
    left join suppressed_records
        on owned.unknown_record_key = suppressed_records.record_key
    {%- endif %}

),

numbered as (

    select
        *,
        row_number() over (
            partition by {{ key | join(', ') }}
            order by
                -- a copy that nothing can be done with does not stand in the way of a good one
                case
                    when owner_status = 'withheld' then 0
                    {%- for rule in before + after %}
                    when {{ rule[0] }} then 1
                    {%- endfor %}
                    else 0
                end asc,
                {% if first_by or day_of %}{{ first_by or day_of }} asc nulls last, {% endif %}{{ dbt_segmentation.seg_tie_breaker(input) }}
        ) as copy_number
    from prepared

),

judged as (

    select
        *,
        {{ dbt_segmentation.seg_first_problem(before + [('copy_number > 1', 'duplicate_key', key[-1], key[-1])] + after) }}
    from numbered

),

told as (

    select
        *,
        {{ dbt_segmentation.seg_row_status(day) }}
    from judged

),

final as (

    select
        {{- dbt_segmentation.seg_unless_withheld(stored, always) }},
        row_status
    from told

)

select * from final
{%- endmacro %}
