{#- A count as text; `of` gives the whole and the share: 3 of 40 (7.5 %). -#}
{% macro seg_told_count(part, of=none) -%}
  {%- set part_text = 'cast(cast(' ~ part ~ ' as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')' -%}
  {%- if of is none -%}
    {{ return(part_text) }}
  {%- endif -%}
  {%- set of_text = 'cast(cast(' ~ of ~ ' as ' ~ dbt.type_bigint() ~ ') as ' ~ dbt.type_string() ~ ')' -%}
  {{ return(dbt.concat([
    part_text, "' of '", of_text, "' ('", 'coalesce(' ~ dbt_segmentation.seg_told_percent(dbt_segmentation.seg_ratio(part, of)) ~ ", '-')", "')'"
  ])) }}
{%- endmacro %}
