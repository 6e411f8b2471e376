{#- One feature as the model sees it: winsorised, transformed, imputed by a constant, scaled; in the order in which it was fitted. -#}
{% macro seg_preprocessed(model, name) -%}
  {%- set parameters, number = model.preprocess[name], dbt_segmentation.seg_number -%}
  (
        coalesce({{ dbt_segmentation.seg_transformed(model, name, '(' ~ dbt_segmentation.seg_clipped(model, name) ~ ')') }}, {{ number(parameters.impute) }})
        - {{ number(parameters.center) }}
    ) / {{ number(parameters.scale) }}
{%- endmacro %}
