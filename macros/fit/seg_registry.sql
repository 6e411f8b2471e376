{#- The model registry as the run before left it, read by relation: a ref would close a cycle, because this run's fit is
    appended to it later. An empty row set where there is no registry yet. -#}
{% macro seg_registry() %}
  {%- set empty = '(select cast(null as ' ~ dbt.type_string() ~ ') as model_version, cast(null as ' ~ dbt.type_string() ~ ') as fit_key, '
      ~ 'cast(null as ' ~ dbt.type_string() ~ ') as stage, cast(null as ' ~ dbt.type_string() ~ ') as feature, '
      ~ 'cast(null as ' ~ dbt.type_string() ~ ') as component, cast(null as ' ~ dbt_segmentation.seg_type('double') ~ ') as value, '
      ~ 'cast(null as ' ~ dbt.type_string() ~ ') as text_value, cast(null as date) as as_of_date, '
      ~ 'cast(null as ' ~ dbt.type_timestamp() ~ ') as registered_at where 1 = 0)' -%}
  {%- if not execute or not flags.INTROSPECT -%}{{ return(empty) }}{%- endif -%}
  {%- set node = graph.nodes.values() | selectattr('name', 'equalto', 'ml_seg__model_parameters') | first -%}
  {%- if not node -%}{{ return(empty) }}{%- endif -%}
  {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) -%}
  {{ return(relation or empty) }}
{% endmacro %}
