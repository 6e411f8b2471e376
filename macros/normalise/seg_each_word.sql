{#- For a select list: one row per different word of a text in match form. -#}
{% macro seg_each_word(expression) %}
  {{ return(adapter.dispatch('seg_each_word', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{#- words that occur twice give two rows: only the work is larger #}
{% macro default__seg_each_word(expression) %}
  {{ return("unnest(string_to_array(" ~ expression ~ ", ' '))") }}
{% endmacro %}


{% macro duckdb__seg_each_word(expression) %}
  {{ return("unnest(list_distinct(string_split(" ~ expression ~ ", ' ')))") }}
{% endmacro %}


{% macro spark__seg_each_word(expression) %}
  {{ return("explode(array_distinct(split(" ~ expression ~ ", ' ')))") }}
{% endmacro %}
