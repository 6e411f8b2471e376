{#- The partitions of remembered state: on Spark only, elsewhere none. -#}
{% macro seg_state_partitions(column) %}
  {{ return(adapter.dispatch('seg_state_partitions', 'dbt_segmentation')(column)) }}
{% endmacro %}


{% macro default__seg_state_partitions(column) %}
  {{ return(none) }}
{% endmacro %}


{% macro spark__seg_state_partitions(column) %}
  {{ return([column]) }}
{% endmacro %}
