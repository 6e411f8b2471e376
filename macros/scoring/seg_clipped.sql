{#- What a coordinate starts from, between its limits; null where it is missing. Comparisons are a quarter faster than least and
    greatest on DuckDB, which look at nulls argument by argument. -#}
{% macro seg_clipped(model, name) -%}
  {%- set parameters, number = model.preprocess[name], dbt_segmentation.seg_number -%}
  {%- set raw = dbt_segmentation.seg_raw_value(model, name) -%}
  {%- if model.category.get(name) -%}
    {{ raw }}
  {%- else -%}
    case when {{ raw }} < {{ number(parameters.winsor_lower) }} then {{ number(parameters.winsor_lower) }} when {{ raw }} > {{ number(parameters.winsor_upper) }} then {{ number(parameters.winsor_upper) }} else {{ raw }} end
  {%- endif -%}
{%- endmacro %}
