{#- The part of a text with that number, between delimiters; empty where there are fewer. -#}
{% macro seg_split_part(text, delimiter, number) %}
  {{ return(adapter.dispatch('seg_split_part', 'dbt_segmentation')(text, delimiter, number)) }}
{% endmacro %}


{% macro default__seg_split_part(text, delimiter, number) %}
  {{ return(dbt.split_part(text, delimiter, number)) }}
{% endmacro %}


{#- dbt's own takes the delimiter for a regular expression there -#}
{% macro spark__seg_split_part(text, delimiter, number) %}
  {{ return('split_part(' ~ text ~ ', ' ~ delimiter ~ ', ' ~ number ~ ')') }}
{% endmacro %}
