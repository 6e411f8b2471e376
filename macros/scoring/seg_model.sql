{#- The parameter rows as a nested mapping: {stage: {feature: {component: value or text}}}, and the two lists in scoring
    order: `features` (preprocessed) and `segments` (live). -#}
{% macro seg_model() %}
  {%- set model = {'run': {}, 'preprocess': {}, 'prototype': {}, 'segment': {}, 'edge': {}} -%}
  {%- for row in dbt_segmentation.seg_model_parameter_rows() -%}
    {%- do model[row.stage].setdefault(row.feature, {}).update({row.component: row.value if row.value is not none else row.text_value}) -%}
  {%- endfor -%}
  {%- set features, segments = [], [] -%}
  {%- for name, parameters in model.preprocess.items() if 'scale' in parameters -%}
    {%- do features.append((parameters.position | float, name)) -%}
  {%- endfor -%}
  {%- for key, parameters in model.segment.items() if parameters.get('event') != 'died' -%}
    {%- do segments.append((parameters.position | float, key)) -%}
  {%- endfor -%}
  {%- do model.update({
    'features': features | sort | map('last') | list,
    'segments': segments | sort | map('last') | list,
  }) -%}
  {{ return(model) }}
{% endmacro %}
