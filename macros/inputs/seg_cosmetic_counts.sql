{#- What staging does to texts without changing what they mean, as counts over a user's table: (field, repair, expression) for
    white space at the ends of every text, and for letters that become lower case. -#}
{% macro seg_cosmetic_counts(input) %}
  {%- set counts, labels = [], dbt_segmentation.seg_labels().get(input, {}) -%}
  {%- for name, column in dbt_segmentation._seg_mapped_columns(input).items() if column is not none and column.kind == 'text' -%}
    {%- set trimmed = dbt_segmentation.seg_trim(column.name) -%}
    {%- do counts.append((name, 'trimmed', 'count(case when ' ~ column.name ~ ' <> coalesce(' ~ trimmed ~ ", '') then 1 end)")) -%}
    {%- if name == 'source_system' or labels.get(name, 'as_is') != 'as_is' -%}
      {%- do counts.append((name, 'letter_case', 'count(case when ' ~ trimmed ~ ' <> lower(' ~ trimmed ~ ') then 1 end)')) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(counts) }}
{% endmacro %}
