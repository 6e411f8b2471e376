{#- For each label of an input a column <label>_label: what seg_category_map makes of it, whatever its case; null where it says
    nothing. Goes with seg_label_joins. -#}
{% macro seg_label_columns(input) -%}
  {%- for name in dbt_segmentation.seg_labels()[input] %}
        {{ name }}_map.to_value as {{ name }}_label{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}
