{#- The relation of a Python model. Where none run it is what `dbt-segmentation fit` wrote under the model's name, and nobody
    wrote anything else: typed empty rows. `columns` maps the names that are read to types. -#}
{% macro seg_python_model(name, columns) %}
  {%- if dbt_segmentation.seg_has_python_models() -%}{{ return(ref(name)) }}{%- endif -%}
  {%- if execute and flags.INTROSPECT -%}
    {%- set written = adapter.get_relation(this.database, this.schema, name) -%}
    {%- if written -%}{{ return(written) }}{%- endif -%}
  {%- endif -%}
  {{ return(dbt_segmentation.seg_no_rows(columns)) }}
{% endmacro %}
