{#- The partitions of remembered state: on Spark only, elsewhere none. -#}
{% macro seg_state_partitions(column) %}
  {{ return([column] if target.type == 'spark' else none) }}
{% endmacro %}
