{#- How many rows of features are built at a time, about: so many fit into memory beside the tables that they are joined from. -#}
{% macro seg_batch_rows() %}
  {{ return(400000) }}
{% endmacro %}
