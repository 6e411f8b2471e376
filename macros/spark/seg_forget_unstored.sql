{#- Runs at the end of every dbt command, of one that failed too: on Spark drops what seg_unstored made. A command that was killed
    leaves the tables to the next one. -#}
{% macro seg_forget_unstored() %}
  {%- if execute and flags.WHICH in ('run', 'build', 'test', 'seed', 'retry') and flags.INTROSPECT -%}
    {{ return(adapter.dispatch('seg_forget_unstored', 'dbt_segmentation')()) }}
  {%- endif -%}
{% endmacro %}


{% macro default__seg_forget_unstored() %}
{% endmacro %}


{% macro spark__seg_forget_unstored() %}
  {%- for node in graph.nodes.values() if node.resource_type == 'model' and 'seg_unstored' in node.tags -%}
    {%- do run_query('drop table if exists ' ~ node.schema ~ '.' ~ node.alias) -%}
  {%- endfor -%}
{% endmacro %}
