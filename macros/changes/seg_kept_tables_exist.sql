{#- Whether every table that features are kept in is there: one that somebody dropped can't be mended row by row. -#}
{% macro seg_kept_tables_exist() %}
  {%- if not execute or not flags.INTROSPECT -%}{{ return(false) }}{%- endif -%}
  {%- for node in graph.nodes.values() if node.package_name == 'dbt_segmentation' and 'kept' in node.tags and node.config.enabled -%}
    {%- if adapter.get_relation(node.database, node.schema, node.alias) is none -%}{{ return(false) }}{%- endif -%}
  {%- endfor -%}
  {{ return(true) }}
{% endmacro %}
