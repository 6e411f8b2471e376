{#- The body of a staging view that says whose row it is, and since when that is known. A row that carries the number of a source
    record is its owner's. Another row of the same actor (a visitor, a handle) is of whoever logged in last before it; failing that,
    of whoever logs in first after it, which is known only then. An owner once known never changes with later rows, so an
    earlier snapshot sees what it would have seen. An actor that more than five people have used by then is a shared
    terminal: it tells nothing. `actor`: columns that name it; `at`: the time of a row; `key`: the row's own key;
    `extra`: columns that staging adds to the contract's. -#}
{% macro seg_stitched(input, actor, at, key, extra=[]) -%}
  {%- set actor_columns = actor | join(', ') -%}
  {%- set in_order = 'partition by ' ~ actor_columns ~ ' order by ' ~ at ~ ' asc nulls last, is_login desc, ' ~ key ~ ' asc nulls last' -%}
with

input_rows as (

    select * from {{ ref('stg_seg__' ~ input) }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

flagged as (

    select
        input_rows.*,
        -- rows after the as-of date are not known yet
        case
            when
                {% for column in actor %}input_rows.{{ column }} is not null and {% endfor -%}
                input_rows.source_record_id is not null
                and cast({{ dbt_segmentation.seg_local_time('input_rows.' ~ at) }} as date) <= run.as_of_date
                then 1
            else 0
        end as is_login
    from input_rows
    cross join run

),

first_logins as (

    select
        *,
        case
            when
                is_login = 1
                and row_number() over (
                    partition by {{ actor_columns }}, source_system, source_record_id, is_login
                    order by {{ at }} asc nulls last, {{ key }} asc nulls last
                ) = 1
                then 1
            else 0
        end as is_first_login
    from flagged

),

counted as (

    select
        *,
        sum(is_login) over ({{ in_order }} rows between unbounded preceding and current row) as logins_so_far,
        sum(is_login) over ({{ in_order }} rows between current row and unbounded following) as logins_to_come,
        sum(is_first_login) over ({{ in_order }} rows between unbounded preceding and current row) as people_so_far
    from first_logins

),

-- each of these groups holds one login at most: the last one before a row, and the first one after it
placed as (

    select
        *,
        {%- for name, group in {'last': 'logins_so_far', 'next': 'logins_to_come'}.items() %}
        max(case when is_login = 1 then source_system end) over (partition by {{ actor_columns }}, {{ group }}) as {{ name }}_source_system,
        max(case when is_login = 1 then source_record_id end) over (partition by {{ actor_columns }}, {{ group }}) as {{ name }}_source_record_id,
        max(case when is_login = 1 then {{ at }} end) over (partition by {{ actor_columns }}, {{ group }}) as {{ name }}_login_at,
        max(case when is_login = 1 then people_so_far end) over (partition by {{ actor_columns }}, {{ group }}) as {{ name }}_people,
        {%- endfor %}
        source_record_id is null{% for column in actor %} and {{ column }} is not null{% endfor %} as is_anonymous
    from counted

),

decided as (

    select
        *,
        case
            when not is_anonymous then 'own'
            when last_source_record_id is not null then case when people_so_far <= 5 then 'last' else 'none' end
            when next_people <= 5 then 'next'
            else 'none'
        end as stitched_by
    from placed

),

stitched as (

    select
        {%- for column, (type, must) in dbt_segmentation.seg_input_columns()[input].items() %}
        {%- if column in ('source_system', 'source_record_id') %}
        case stitched_by
            when 'own' then {{ column }}
            when 'last' then last_{{ column }}
            when 'next' then next_{{ column }}
        end as {{ column }},
        {%- else %}
        {{ column }},
        {%- endif %}
        {%- if type != 'string' and column != 'loaded_at' %}
        {{ column }}_as_given,
        {%- endif %}
        {%- endfor %}
        {%- for column in extra %}
        {{ column }},
        {%- endfor %}
        case when stitched_by = 'next' then next_login_at else {{ at }} end as known_at,
        stitched_by in ('last', 'next') as is_stitched
    from decided

),

final as (

    select
        {{ dbt_segmentation.seg_pseudonym(['source_system', 'source_record_id']) }} as record_key,
        *
    from stitched

)

select * from final
{%- endmacro %}
