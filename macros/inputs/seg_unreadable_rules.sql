{#- Rules for columns that must be readable: text that could not be read as the column's type. `prefix` is the table's alias
    with a dot, where the columns need one. See seg_rejects_unreadable for the columns; others are dropped and listed. -#}
{% macro seg_unreadable_rules(input, prefix='') -%}
  {%- set rules = [] -%}
  {%- for name in dbt_segmentation.seg_input_columns()[input] if dbt_segmentation.seg_rejects_unreadable(input, name) -%}
    {%- set column = prefix ~ name -%}
    {%- do rules.append((
      column ~ ' is null and ' ~ column ~ '_as_given is not null', 'unreadable_' ~ name, name, column ~ '_as_given'
    )) -%}
  {%- endfor -%}
  {%- for name, (type, must) in dbt_segmentation.seg_input_columns()[input].items() if must -%}
    {%- do rules.append((prefix ~ name ~ ' is null', 'missing_' ~ name, name, none)) -%}
  {%- endfor -%}
  {{ return(rules) }}
{%- endmacro %}
