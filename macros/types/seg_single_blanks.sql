{#- A text with every run of blanks inside it as one. Hardly any has one, and looking for two blanks costs much less than a pattern. -#}
{% macro seg_single_blanks(expression) %}
  {{ return(
    'case when ' ~ dbt.position("'  '", expression) ~ ' > 0 then '
    ~ dbt_segmentation.seg_regexp_replace(expression, ' +', ' ') ~ ' else ' ~ expression ~ ' end'
  ) }}
{% endmacro %}
