{#- One coordinate before gaps are filled: winsorised, transformed, scaled, null where the value is missing. -#}
{% macro seg_scaled(model, name) -%}
  {%- set parameters, number = model.preprocess[name], dbt_segmentation.seg_number -%}
  ({{ dbt_segmentation.seg_transformed(model, name, '(' ~ dbt_segmentation.seg_clipped(model, name) ~ ')') }} - {{ number(parameters.center) }}) / {{ number(parameters.scale) }}
{%- endmacro %}
