{#- One number for many rows, whatever their order: the sum of their hashes. -#}
{% macro seg_hash_total(alias) -%}
  sum(cast({{ dbt_segmentation.seg_row_hash(alias) }} as decimal(38, 0)))
{%- endmacro %}
