{#- The parameter rows of the model whose model_version is in `scorer` as a nested mapping, {stage: {feature: {component: value
    or text}}}, three lists in scoring order, `coordinates` (features as they are scaled), `features` (what distances are measured in:
    the coordinates, or linear forms of them) and `segments` (live), `absent`, columns that are no longer there, `micro_segments`, keys of each
    segment's micro-segments in scoring order, and `sub_segment`, the sub-segment of each of these. -#}
{% macro seg_model(scorer='int_seg__current_model') %}
  {%- set model = {'run': {}, 'preprocess': {}, 'prototype': {}, 'segment': {}, 'edge': {}, 'category': {}, 'knot': {},
                   'imputation': {}, 'component': {}, 'part': {}, 'factor': {}, 'micro_segment': {}, 'micro_prototype': {}} -%}
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
  {%- set live, parts, owners, micros = segments | sort | map('last') | list, {}, {}, [] -%}
  {%- for key, parameters in model.micro_segment.items() if parameters.get('position') is not none -%}
    {%- do micros.append((parameters.position | float, key)) -%}
    {%- do owners.update({key: parameters.parent}) -%}
  {%- endfor -%}
  {%- for segment in live -%}
    {%- do parts.update({segment: []}) -%}
    {%- for position, key in micros | sort if key.split('.')[0] == segment -%}{%- do parts[segment].append(key) -%}{%- endfor -%}
    {%- if not parts[segment] -%}
      {#- a model of a time without levels -#}
      {%- do parts[segment].append(segment ~ '.01.01') -%}
      {%- do owners.update({segment ~ '.01.01': segment ~ '.01'}) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- do model.update({
    'coordinates': names,
    'features': components | sort | map('last') | list or names,
    'segments': live,
    'micro_segments': parts,
    'sub_segment': owners,
    'absent': dbt_segmentation.seg_absent_features(model),
  }) -%}
  {{ return(model) }}
{% endmacro %}
