{#- An expression where at least one of these columns of an input is there, else a null: what nobody was asked is not known, and no zero. -#}
{% macro seg_if_told(input, columns, expression) -%}
  {%- set there = [] -%}
  {%- for column in columns if dbt_segmentation.seg_has_column(input, column) -%}{%- do there.append(column) -%}{%- endfor -%}
  {{ expression if there else 'cast(null as ' ~ dbt_segmentation.seg_type('double') ~ ')' }}
{%- endmacro %}
