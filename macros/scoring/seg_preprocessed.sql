{#- One feature as the model sees it: winsorised, transformed, imputed, scaled; in the order in which it was fitted. -#}
{% macro seg_preprocessed(feature, parameters) -%}
  {%- set number = dbt_segmentation.seg_number -%}
  {%- set clipped = 'least(greatest(' ~ feature ~ ', ' ~ number(parameters.winsor_lower) ~ '), ' ~ number(parameters.winsor_upper) ~ ')' -%}
  {%- set transformed = 'ln(1 + ' ~ clipped ~ ')' if parameters.transform == 'log1p' else clipped -%}
  (
        case when {{ feature }} is null then {{ number(parameters.impute) }} else {{ transformed }} end
        - {{ number(parameters.center) }}
    ) / {{ number(parameters.scale) }}
{%- endmacro %}
