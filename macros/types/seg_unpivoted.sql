{#- A query that gives one row per row of `relation` and name in `names` whose first part is not null: `kept` columns, the name as
    `field`, and each of `parts`, taken from the column <name>_<part>. The first part decides, and is filtered before rows multiply. -#}
{% macro seg_unpivoted(relation, kept, names, parts) -%}
  {{ return(adapter.dispatch('seg_unpivoted', 'dbt_segmentation')(relation, kept, names, parts)) }}
{%- endmacro %}


{% macro default__seg_unpivoted(relation, kept, names, parts) -%}
  {%- for name in names %}
    select
        {{ kept | join(',\n        ') }},
        '{{ name }}' as field
        {%- for part in parts %},
        {{ name }}_{{ part }} as {{ part }}
        {%- endfor %}
    from {{ relation }}
    where {{ name }}_{{ parts[0] }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
  {%- endfor %}
{%- endmacro %}


{#- As a list of structs: over a wide view, a branch per name takes DuckDB minutes to plan, and so does one filter over all of them. -#}
{% macro duckdb__seg_unpivoted(relation, kept, names, parts) %}
    select
        {{ kept | join(',\n        ') }},
        unnest(list_filter([
            {%- for name in names %}
            struct_pack(field := '{{ name }}'{% for part in parts %}, {{ part }} := {{ name }}_{{ part }}{% endfor %}){{ ',' if not loop.last }}
            {%- endfor %}
        ], lambda entry: entry.{{ parts[0] }} is not null), recursive := true)
    from {{ relation }}
{%- endmacro %}


{% macro spark__seg_unpivoted(relation, kept, names, parts) %}
    select
        {{ kept | join(',\n        ') }},
        entry.field
        {%- for part in parts %},
        entry.{{ part }}
        {%- endfor %}
    from (
        select
            {{ kept | join(',\n            ') }},
            explode(filter(array(
                {%- for name in names %}
                named_struct('field', '{{ name }}'{% for part in parts %}, '{{ part }}', {{ name }}_{{ part }}{% endfor %}){{ ',' if not loop.last }}
                {%- endfor %}
            ), candidate -> candidate.{{ parts[0] }} is not null)) as entry
        from {{ relation }}
    ) as entries
{%- endmacro %}
