{#- Whether the relation behind an input has a column of the contract. Taken to be there before anybody has looked, as when dbt parses. -#}
{% macro seg_has_column(input, column) %}
  {{ return(column in dbt_segmentation.seg_given_columns(input)) }}
{% endmacro %}
