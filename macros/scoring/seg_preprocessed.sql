{#- One feature as the model sees it: winsorised, transformed, imputed by a constant, scaled; in the order in which it was fitted. -#}
{% macro seg_preprocessed(model, name) -%}
  {%- set parameters, number = model.preprocess[name], dbt_segmentation.seg_number -%}
  {%- set raw = dbt_segmentation.seg_raw_value(model, name) -%}
  {%- set clipped = 'least(greatest(' ~ raw ~ ', ' ~ number(parameters.winsor_lower) ~ '), ' ~ number(parameters.winsor_upper) ~ ')' -%}
  (
        case when ({{ raw }}) is null then {{ number(parameters.impute) }} else {{ dbt_segmentation.seg_transformed(model, name, clipped) }} end
        - {{ number(parameters.center) }}
    ) / {{ number(parameters.scale) }}
{%- endmacro %}
