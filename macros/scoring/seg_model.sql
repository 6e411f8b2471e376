{#- The parameter rows of the model whose model_version is in `scorer` as a nested mapping, {stage: {feature: {component: value
    or text}}}, three lists in scoring order, `coordinates` (features as they are scaled), `features` (what distances are measured in:
    the coordinates, or linear forms of them) and `segments` (live), and `absent`, columns that are no longer there. -#}
{% macro seg_model(scorer='int_seg__current_model') %}
  {%- set model = {'run': {}, 'preprocess': {}, 'prototype': {}, 'segment': {}, 'edge': {}, 'category': {}, 'knot': {},
                   'imputation': {}, 'component': {}, 'part': {}, 'factor': {}} -%}
  {%- for row in dbt_segmentation.seg_model_parameter_rows(scorer) -%}
    {%- do model[row.stage].setdefault(row.feature, {}).update({row.component: row.value if row.value is not none else row.text_value}) -%}
  {%- endfor -%}
  {%- set coordinates, components, segments = [], [], [] -%}
  {%- for name, parameters in model.preprocess.items() if 'scale' in parameters -%}
    {%- do coordinates.append((parameters.position | float, name)) -%}
  {%- endfor -%}
  {%- for name, parameters in model.component.items() -%}
    {%- do components.append((parameters['(position)'] | float, name)) -%}
  {%- endfor -%}
  {%- for key, parameters in model.segment.items() if parameters.get('position') is not none -%}
    {%- do segments.append((parameters.position | float, key)) -%}
  {%- endfor -%}
  {%- set names = coordinates | sort | map('last') | list -%}
  {%- do model.update({
    'coordinates': names,
    'features': components | sort | map('last') | list or names,
    'segments': segments | sort | map('last') | list,
    'absent': dbt_segmentation.seg_absent_features(model),
  }) -%}
  {{ return(model) }}
{% endmacro %}
