{#- A select that only renames: `columns` is {our name: [names that the export may have]}. Columns whose export has none of the
    names are left out, except those in `must`, which stop the run. `constants` are {our name: SQL expression}, put first;
    `where` keeps rows. -#}
{% macro seg_renamed(relation, columns, must=[], constants={}, where=none) -%}
{%- set found = dbt_segmentation.seg_export_columns(relation) -%}
{%- set parts = [] -%}
{%- for name, expression in constants.items() -%}
  {%- do parts.append(expression ~ ' as ' ~ name) -%}
{%- endfor -%}
{%- for name, candidates in columns.items() -%}
  {%- set there = found is none or candidates | map('lower') | select('in', found) | list | length > 0 -%}
  {%- if there or name in must -%}
    {%- do parts.append(dbt_segmentation.seg_export_column(found, candidates, must=name in must) ~ ' as ' ~ name) -%}
  {%- endif -%}
{%- endfor -%}
with

source as (

    select * from {{ relation }}

),

final as (

    select
        {{ parts | join(',\n        ') }}
    from source
    {%- if where %}
    where {{ where }}
    {%- endif %}

)

select * from final
{%- endmacro %}
