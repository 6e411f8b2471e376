{#- A remembered table as the run before left it, read by relation: a ref would close a cycle, because this run appends to it
    later. `columns` maps the names that are read to types, for an empty row set where the table is not there yet, or where
    this run forgets it. -#}
{% macro seg_state_relation(name, columns) %}
  {%- set node = graph.get('nodes', {}).values() | selectattr('name', 'equalto', name) | first if execute -%}
  {%- set forgotten = flags.FULL_REFRESH and dbt_segmentation.seg_var('seg_allow_full_refresh') -%}
  {%- if node and flags.INTROSPECT and not forgotten -%}
    {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) -%}
    {%- if relation -%}
      {%- set there = adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list -%}
      {%- set absent = [] -%}
      {%- for column, type in columns.items() if column not in there -%}
        {#- remembered by an earlier version of this package -#}
        {%- do absent.append('cast(null as ' ~ type ~ ') as ' ~ column) -%}
      {%- endfor -%}
      {{ return('(select *, ' ~ absent | join(', ') ~ ' from ' ~ relation ~ ')' if absent else relation) }}
    {%- endif -%}
  {%- endif -%}
  {{ return(dbt_segmentation.seg_no_rows(columns)) }}
{% endmacro %}
