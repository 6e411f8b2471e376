{#- The columns of the contract that an input's relation has; all of them without a look at it. -#}
{% macro seg_given_columns(input) %}
  {#- at parsing too, so that dbt knows of the dependency on the user's model #}
  {%- set relation = dbt_segmentation.seg_input(input) -%}
  {%- set given = [] -%}
  {%- for name, column in dbt_segmentation._seg_mapped_columns(input).items() if column is not none -%}
    {%- do given.append(name) -%}
  {%- endfor -%}
  {{ return(given) }}
{% endmacro %}
