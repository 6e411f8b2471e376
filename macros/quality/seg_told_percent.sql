{#- A share as people read it in a message: percent with one digit. -#}
{% macro seg_told_percent(expression) -%}
  {{ dbt.concat([dbt_segmentation.seg_told_number('100 * (' ~ expression ~ ')', 1), "' %'"]) }}
{%- endmacro %}
