-- One row per input and day that this run compares: how many rows features are built from on that day, and the sum of their hashes.
with

feature_build as (

    select * from {{ ref('int_seg__feature_build') }}

),

{% for input, about in dbt_segmentation.seg_built_from().items() -%}
{{ input }} as (

    select * from {{ ref(about.model) }}

),

{% endfor -%}
hashed as (
    {% for input, about in dbt_segmentation.seg_built_from().items() %}
    {%- set is_last_input = loop.last %}
    {%- for day in about.days %}
    select
        '{{ input }}' as input,
        {{ day }} as day,
        count(*) as row_count,
        {{ dbt_segmentation.seg_hash_total(input) }} as hash_total
    from {{ input }}
    where
        {% if not about.always -%}
        {{ day }} >= (select feature_build.compared_from from feature_build)
        and {% endif -%}
        -- an answer that comes after the as-of date is not known yet
        {{ day }} <= (select feature_build.as_of_date from feature_build)
    group by {{ day }}
    {% if not (loop.last and is_last_input) %}union all{% endif %}
    {%- endfor %}
    {%- endfor %}

),

-- a message counts on the days of its answers too
final as (

    select
        input,
        day,
        cast(sum(row_count) as {{ dbt.type_bigint() }}) as row_count,
        cast(sum(hash_total) as decimal(38, 0)) as hash_total
    from hashed
    group by input, day

)

select * from final
