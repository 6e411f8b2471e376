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
    {%- set dtype = adapter.dispatch('seg_column_dtype', 'dbt_segmentation')(column) -%}
    {%- do found.update({column.name | lower | trim: {'name': adapter.quote(column.name), 'dtype': dtype | lower | replace('`', '')}}) -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}


{% macro default__seg_column_dtype(column) %}
  {{ return(column.dtype) }}
{% endmacro %}


{#- BigQuery tells the fields of a record in data_type only -#}
{% macro bigquery__seg_column_dtype(column) %}
  {{ return(column.data_type) }}
{% endmacro %}
