{#- The model registry as the run before left it, read by relation: a ref would close a cycle, because this run's fit is
    appended to it later. An empty row set where there is no registry yet, or where this run forgets it. -#}
{% macro seg_registry() %}
  {%- set node = graph.nodes.values() | selectattr('name', 'equalto', 'ml_seg__model_parameters') | first if execute -%}
  {%- set forgotten = flags.FULL_REFRESH and dbt_segmentation.seg_var('seg_allow_full_refresh') -%}
  {%- if node and flags.INTROSPECT and not forgotten -%}
    {%- set relation = adapter.get_relation(node.database, node.schema, node.alias) -%}
    {%- if relation -%}{{ return(relation) }}{%- endif -%}
  {%- endif -%}
  {%- set text = dbt.type_string() -%}
  {%- set columns = [] -%}
  {%- for name, type in {
    'model_version': text, 'fit_key': text, 'config_hash': text, 'stage': text, 'feature': text, 'component': text,
    'value': dbt_segmentation.seg_type('double'), 'text_value': text, 'registered_at': dbt.type_timestamp(), 'as_of_date': 'date',
  }.items() -%}
    {%- do columns.append('cast(null as ' ~ type ~ ') as ' ~ name) -%}
  {%- endfor -%}
  {{ return('(select ' ~ columns | join(', ') ~ ' where 1 = 0)') }}
{% endmacro %}
