-- One row per link between two records of one person, among people who may be profiled: the rule that made it, and whether it is held back.
{{ config(materialized='table' if dbt_segmentation.seg_has_exact_identity() else 'view') }}
{%- set rules = dbt_segmentation.seg_exact_keys().keys() %}
with

{% if not dbt_segmentation.seg_has_exact_identity() -%}
final as (

    select
        record_key_a,
        record_key_b,
        rule,
        score,
        group_key,
        is_held_back,
        held_reason
    from {{ ref('ml_seg__record_links') }}

)
{%- else -%}
allowed_records as (

    select * from {{ ref('int_seg__allowed_records') }}

),

{{ dbt_segmentation.seg_exact_groups('allowed_records') }},

-- who shares a key is linked with the smallest record_key that has it
starred as (

    select
        *,
        min(record_key) over (partition by key) as first_record_key
    from exact_groups

),

ranked as (

    select
        *,
        row_number() over (
            partition by first_record_key, record_key
            order by
                case rule
                    {%- for rule in rules %}
                    when '{{ rule }}' then {{ loop.index }}
                    {%- endfor %}
                end
        ) as rule_rank
    from starred
    where record_key <> first_record_key

),

final as (

    select
        first_record_key as record_key_a,
        record_key as record_key_b,
        rule,
        cast(1 as {{ dbt_segmentation.seg_type('double') }}) as score,
        case when held_reason is null then whole end as group_key,
        held_reason is not null as is_held_back,
        held_reason
    from ranked
    where rule_rank = 1

)
{%- endif %}

select * from final
