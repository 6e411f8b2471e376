{#- For `dbt run-operation`, by which `dbt-segmentation fit` writes: puts parameter rows where ml_seg__model_parameters reads them. Each row is
    a list of texts or nulls, in the order of seg_parameter_columns; numbers are texts that read back as the same double. -#}
{% macro seg_store_fitted_parameters(rows) %}
  {%- set registry = graph.nodes.values() | selectattr('name', 'equalto', 'ml_seg__model_parameters') | first -%}
  {%- set relation = api.Relation.create(
    database=registry.database, schema=registry.schema, identifier='ml_seg__fitted_parameters', type='table'
  ) -%}
  {%- set columns = dbt_segmentation.seg_parameter_columns() -%}
  {%- set casts = [] -%}
  {%- for column, type in columns.items() -%}{%- do casts.append('cast(' ~ column ~ ' as ' ~ type ~ ') as ' ~ column) -%}{%- endfor -%}
  {%- do run_query('drop table if exists ' ~ relation) -%}
  {%- do run_query('create table ' ~ relation ~ ' as select * from ' ~ dbt_segmentation.seg_no_rows(columns) ~ ' as nothing') -%}
  {%- for chunk in rows | batch(1000) -%}
    {%- set tuples = [] -%}
    {%- for row in chunk -%}
      {%- set values = [] -%}
      {%- for value in row -%}
        {%- do values.append('null' if value is none else dbt_segmentation.seg_literal(value)) -%}
      {%- endfor -%}
      {%- do tuples.append('(' ~ values | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- do run_query(
      'insert into ' ~ relation ~ ' select ' ~ casts | join(', ') ~ ' from (values ' ~ tuples | join(', ') ~ ') as given ('
      ~ columns.keys() | join(', ') ~ ')'
    ) -%}
  {%- endfor -%}
{% endmacro %}
