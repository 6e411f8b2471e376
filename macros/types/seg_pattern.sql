{#- A regular expression as a literal. Patterns are written for RE2, of which every engine's own understands what we use. -#}
{% macro seg_pattern(pattern) %}
  {{ return(adapter.dispatch('seg_pattern', 'dbt_segmentation')(pattern)) }}
{% endmacro %}


{% macro default__seg_pattern(pattern) %}
  {{ return(dbt_segmentation.seg_literal(pattern)) }}
{% endmacro %}


{#- Java's: only \n ends a line for `.`, as in RE2, and $ would match before a line end, too. -#}
{% macro spark__seg_pattern(pattern) %}
  {{ return(dbt_segmentation.seg_literal('(?d)' ~ modules.re.sub('(?<![\\\\])[$]$', '\\\\z', pattern))) }}
{% endmacro %}
