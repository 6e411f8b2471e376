{#- One coordinate before gaps are filled: winsorised, transformed, scaled, null where the value is missing. -#}
{% macro seg_scaled(model, name) -%}
  {%- set parameters, number = model.preprocess[name], dbt_segmentation.seg_number -%}
  {%- set raw = dbt_segmentation.seg_raw_value(model, name) -%}
  {%- set clipped = 'least(greatest(' ~ raw ~ ', ' ~ number(parameters.winsor_lower) ~ '), ' ~ number(parameters.winsor_upper) ~ ')' -%}
  case when ({{ raw }}) is not null then ({{ dbt_segmentation.seg_transformed(model, name, clipped) }} - {{ number(parameters.center) }}) / {{ number(parameters.scale) }} end
{%- endmacro %}
