{#- How seeds are loaded on Spark. dbt-spark's own macro sends values through `%` formatting by the session method, which writes NULL as the
    text None, drops backslashes and fails at apostrophes (dbt-adapters#487): here they are literals. It is used where this
    project is the one that runs; another project says so in its dbt_project.yml, see docs/spark.md. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
  {%- set overrides = model['config'].get('column_types', {}) -%}
  {%- set types = [] -%}
  {%- for name in agate_table.column_names -%}
    {%- do types.append(overrides.get(name, adapter.convert_type(agate_table, loop.index0))) -%}
  {%- endfor -%}
  {%- set statements = [] -%}
  {%- for chunk in agate_table.rows | batch(5000) -%}
    {%- set rows = [] -%}
    {%- for row in chunk -%}
      {%- set values = [] -%}
      {%- for value in row -%}
        {%- do values.append('null' if value is none else dbt_segmentation.seg_literal(value | string)) -%}
      {%- endfor -%}
      {%- do rows.append('(' ~ values | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set columns = [] -%}
    {%- for name in agate_table.column_names -%}
      {%- do columns.append('cast(' ~ name ~ ' as ' ~ types[loop.index0] ~ ') as ' ~ name) -%}
    {%- endfor -%}
    {%- set sql = 'insert into ' ~ this.render() ~ ' select ' ~ columns | join(', ') ~ ' from values ' ~ rows | join(', ')
      ~ ' as rows (' ~ agate_table.column_names | join(', ') ~ ')' -%}
    {%- do adapter.add_query(sql, bindings=none, abridge_sql_log=True) -%}
    {%- do statements.append(sql) -%}
  {%- endfor -%}
  {{ return(statements | first) }}
{% endmacro %}
