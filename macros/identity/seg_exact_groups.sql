{#- CTEs that find the records of one person by exact keys (seg_exact_keys), for use inside a `with`. `records` names a CTE like
    stg_seg__latest_customers. The last one, exact_groups, has a row per record and key, one of them with rule 'own':
    record_key, rule, key, whole (the smallest record_key of the group), record_count, and held_reason where the group is too
    large or contradicts itself.
    Transitive closure is a fixed number of rounds: in each the smallest record_key goes from record to key and from key to
    record. Windows, not joins: each round reads the one before once, and engines that write CTEs out each time they are read
    would double the work with every round. assert_exact_identity_is_closed fails where one more round would change anything. -#}
{% macro seg_exact_groups(records, rounds=none) -%}
  {%- set rounds = rounds or dbt_segmentation.seg_exact_rounds() -%}
  {%- set keys = dbt_segmentation.seg_exact_keys() -%}
  {%- set kept = ['record_key', 'customer_type', 'birth_date'] -%}
keyed_records as (

    select
        {{ kept | join(', ') }},
        record_key as own_key
        {%- for rule, key in keys.items() %},
        {{ key }} as {{ rule }}_key
        {%- endfor %}
    from {{ records }}

),

record_keys as (
    {{ dbt_segmentation.seg_unpivoted('keyed_records', kept, ['own'] + keys.keys() | list, ['key']) }}
),

round_0 as (

    select
        record_keys.*,
        record_key as whole
    from record_keys

),

{% for number in range(1, rounds + 1) -%}
round_{{ number }} as (

    select
        {{ kept | join(', ') }},
        field,
        key,
        min(whole) over (partition by record_key) as whole
    from (
        select
            {{ kept | join(', ') }},
            field,
            key,
            min(whole) over (partition by key) as whole
        from round_{{ number - 1 }}
    ) as spread

),

{% endfor -%}
measured_groups as (

    select
        record_key,
        field as rule,
        key,
        whole,
        sum(case when field = 'own' then 1 else 0 end) over (partition by whole) as record_count,
        min(customer_type) over (partition by whole) <> max(customer_type) over (partition by whole) as has_two_types,
        {%- for part in ['year', 'month', 'day'] %}
        {%- set number = 'extract(' ~ part ~ ' from birth_date)' %}
        case when min({{ number }}) over (partition by whole) < max({{ number }}) over (partition by whole) then 1 else 0 end
        {{- ' + ' if not loop.last }}
        {%- endfor %} as different_parts
    from round_{{ rounds }}

),

exact_groups as (

    select
        record_key,
        rule,
        key,
        whole,
        record_count,
        case
            when record_count > {{ dbt_segmentation.seg_var('seg_match_max_group_size') }} then 'group_too_large'
            when has_two_types then 'contradiction:customer_type'
            when different_parts >= 2 then 'contradiction:birth_date'
        end as held_reason
    from measured_groups

)
{%- endmacro %}
