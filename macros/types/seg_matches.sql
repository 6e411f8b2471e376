{#- Whether a regular expression matches anywhere in a text. -#}
{% macro seg_matches(expression, pattern) %}
  {%- set quoted = dbt_segmentation.seg_pattern(pattern) -%}
  {{ return(adapter.dispatch('seg_matches', 'dbt_segmentation')(expression, quoted)) }}
{% endmacro %}


{% macro default__seg_matches(expression, quoted) %}
  {{ return(expression ~ ' ~ ' ~ quoted) }}
{% endmacro %}


{% macro duckdb__seg_matches(expression, quoted) %}
  {{ return('regexp_matches(' ~ expression ~ ', ' ~ quoted ~ ')') }}
{% endmacro %}


{% macro spark__seg_matches(expression, quoted) %}
  {{ return('(' ~ expression ~ ' rlike ' ~ quoted ~ ')') }}
{% endmacro %}
