{#- A text with every match of a regular expression replaced; \1 is its first group. Patterns are RE2's: linear time, whatever the text. -#}
{% macro seg_regexp_replace(expression, pattern, replacement) %}
  {{ return(adapter.dispatch('seg_regexp_replace', 'dbt_segmentation')(expression, dbt_segmentation.seg_pattern(pattern), replacement)) }}
{% endmacro %}


{% macro default__seg_regexp_replace(expression, quoted, replacement) %}
  {{ return('regexp_replace(' ~ expression ~ ', ' ~ quoted ~ ', ' ~ dbt_segmentation.seg_literal(replacement) ~ ", 'g')") }}
{% endmacro %}


{#- groups are $1 there -#}
{% macro spark__seg_regexp_replace(expression, quoted, replacement) %}
  {%- set grouped = modules.re.sub('[\\\\]([0-9])', '$\\1', replacement | replace('$', '\\$')) -%}
  {{ return('regexp_replace(' ~ expression ~ ', ' ~ quoted ~ ', ' ~ dbt_segmentation.seg_literal(grouped) ~ ')') }}
{% endmacro %}
