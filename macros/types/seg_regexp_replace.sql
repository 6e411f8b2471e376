{#- A text with every match of a regular expression replaced; \1 is its first group. Patterns are RE2's: linear time, whatever the text. -#}
{% macro seg_regexp_replace(expression, pattern, replacement) %}
  {%- set quoted = "'" ~ pattern | replace("'", "''") ~ "', '" ~ replacement | replace("'", "''") ~ "'" -%}
  {{ return(adapter.dispatch('seg_regexp_replace', 'dbt_segmentation')(expression, quoted)) }}
{% endmacro %}


{% macro default__seg_regexp_replace(expression, quoted) %}
  {{ return('regexp_replace(' ~ expression ~ ', ' ~ quoted ~ ", 'g')") }}
{% endmacro %}
