{#- How seeds are loaded on Spark. dbt-spark's own macro sends values through `%` formatting by the session method, which writes NULL as the
    text None, drops backslashes and fails at apostrophes (dbt-adapters#487). Here the rows of a statement are one literal of JSON,
    which Spark reads much faster than as many literals. It is used where this project is the one that runs; another project
    says so in its dbt_project.yml, see docs/spark.md. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
  {%- set overrides = model['config'].get('column_types', {}) -%}
  {%- set columns = [] -%}
  {%- for name in agate_table.column_names -%}
    {%- set type = overrides.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
    {%- do columns.append('cast(row[' ~ loop.index0 ~ '] as ' ~ type ~ ') as ' ~ name) -%}
  {%- endfor -%}
  {%- set statements = [] -%}
  {%- for chunk in agate_table.rows | batch(10000) -%}
    {%- set rows = [] -%}
    {%- for row in chunk -%}
      {%- set values = [] -%}
      {%- for value in row -%}{%- do values.append(none if value is none else value | string) -%}{%- endfor -%}
      {%- do rows.append(values) -%}
    {%- endfor -%}
    {%- set sql = 'insert into ' ~ this.render() ~ ' select ' ~ columns | join(', ')
      ~ ' from (select explode(from_json(' ~ dbt_segmentation.seg_literal(tojson(rows)) ~ ", 'array<array<string>>')) as row) as rows" -%}
    {%- do adapter.add_query(sql, bindings=none, abridge_sql_log=True) -%}
    {%- do statements.append(sql) -%}
  {%- endfor -%}
  {{ return(statements | first) }}
{% endmacro %}
