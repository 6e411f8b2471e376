{#- An expression: one text for the content of the lists that say what a row means on any day. -#}
{% macro seg_lists_digest() %}
  {%- set parts = [] -%}
  {%- for list in ['event_taxonomy', 'category_map'] -%}
    {%- do parts.append(
      '(select cast(count(*) as ' ~ dbt.type_string() ~ ') from ' ~ dbt_segmentation.seg_reference(list) ~ ' as ' ~ list ~ ')'
    ) -%}
    {%- do parts.append("'/'") -%}
    {%- do parts.append(
      '(select cast(' ~ dbt_segmentation.seg_hash_total(list) ~ ' as ' ~ dbt.type_string() ~ ') from ' ~ dbt_segmentation.seg_reference(list) ~ ' as ' ~ list ~ ')'
    ) -%}
    {%- if not loop.last -%}{%- do parts.append("'+'") -%}{%- endif -%}
  {%- endfor -%}
  {{ return(dbt.concat(parts)) }}
{% endmacro %}
