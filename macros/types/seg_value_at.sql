{#- An aggregate: the value of the row that comes first (or last) by `order_by`, a list of columns, among rows that have a value. -#}
{% macro seg_value_at(value, order_by, last=false) %}
  {{ return(adapter.dispatch('seg_value_at', 'dbt_segmentation')(value, order_by, last)) }}
{% endmacro %}


{% macro default__seg_value_at(value, order_by, last) %}
  {%- set direction = ' desc' if last else '' -%}
  {{ return(
    '(array_agg(' ~ value ~ ' order by ' ~ order_by | join(direction ~ ', ') ~ direction ~ ') filter (where ' ~ value ~ ' is not null))[1]'
  ) }}
{% endmacro %}


{% macro duckdb__seg_value_at(value, order_by, last) %}
  {{ return(('arg_max' if last else 'arg_min') ~ '(' ~ value ~ ', (' ~ order_by | join(', ') ~ '))') }}
{% endmacro %}


{% macro spark__seg_value_at(value, order_by, last) %}
  {#- a row whose place is null counts for nothing -#}
  {{ return(
    ('max_by' if last else 'min_by') ~ '(' ~ value ~ ', case when ' ~ value ~ ' is not null then struct(' ~ order_by | join(', ') ~ ') end)'
  ) }}
{% endmacro %}


{% macro snowflake__seg_value_at(value, order_by, last) %}
  {%- set direction = ' desc' if last else '' -%}
  {{ return(
    'get(array_agg(' ~ value ~ ') within group (order by ' ~ order_by | join(direction ~ ', ') ~ direction ~ '), 0)::' ~ dbt.type_string()
  ) }}
{% endmacro %}


{% macro bigquery__seg_value_at(value, order_by, last) %}
  {%- set direction = ' desc' if last else '' -%}
  {{ return(
    'array_agg(' ~ value ~ ' ignore nulls order by ' ~ order_by | join(direction ~ ', ') ~ direction ~ ' limit 1)[safe_offset(0)]'
  ) }}
{% endmacro %}
