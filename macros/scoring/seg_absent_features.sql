{#- Columns that a model was fitted on and the wide table no longer has: settings may have changed since. They are unknown for everybody, and
    imputed as such, as Python does. -#}
{% macro seg_absent_features(model) %}
  {%- set absent = [] -%}
  {%- set present = dbt_segmentation.seg_features().keys() | list + dbt_segmentation.seg_text_features().keys() | list -%}
  {%- for name, parameters in model.preprocess.items() if 'scale' in parameters -%}
    {%- set column = parameters.get('source') or name -%}
    {%- if column not in present and column not in absent -%}{%- do absent.append(column) -%}{%- endif -%}
  {%- endfor -%}
  {{ return(absent) }}
{% endmacro %}
