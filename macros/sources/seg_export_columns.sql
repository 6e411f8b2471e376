{#- The columns of somebody's export: lower-case name -> {name (quoted), dtype (lower case)}. None where dbt may not look, or
    while the relation is not there yet; every column is then taken to be there. -#}
{% macro seg_export_columns(relation) %}
  {%- if not execute or not flags.INTROSPECT -%}
    {{ return(none) }}
  {%- endif -%}
  {%- set columns = adapter.get_columns_in_relation(relation) -%}
  {%- if columns | length == 0 -%}
    {{ return(none) }}
  {%- endif -%}
  {%- set found = {} -%}
  {%- for column in columns -%}
    {#- BigQuery tells the fields of a record in data_type only -#}
    {%- set dtype = column.data_type if target.type == 'bigquery' else column.dtype -%}
    {%- do found.update({column.name | lower | trim: {'name': adapter.quote(column.name), 'dtype': dtype | lower | replace('`', '')}}) -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}
