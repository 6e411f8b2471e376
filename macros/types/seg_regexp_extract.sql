{#- The first match of a regular expression in a text. Where there is none: empty text, which no cast can read. -#}
{% macro seg_regexp_extract(expression, pattern) %}
  {%- set quoted = dbt_segmentation.seg_pattern(pattern) -%}
  {{ return(adapter.dispatch('seg_regexp_extract', 'dbt_segmentation')(expression, quoted)) }}
{% endmacro %}


{% macro default__seg_regexp_extract(expression, quoted) %}
  {{ return('coalesce(substring(' ~ expression ~ ' from ' ~ quoted ~ "), '')") }}
{% endmacro %}


{% macro duckdb__seg_regexp_extract(expression, quoted) %}
  {{ return('regexp_extract(' ~ expression ~ ', ' ~ quoted ~ ')') }}
{% endmacro %}


{% macro spark__seg_regexp_extract(expression, quoted) %}
  {{ return('regexp_extract(' ~ expression ~ ', ' ~ quoted ~ ', 0)') }}
{% endmacro %}
