{#- The stages of parameter rows that scoring reads. -#}
{% macro seg_scoring_stages() %}
  {{ return([
    'run', 'preprocess', 'prototype', 'segment', 'edge', 'category', 'knot', 'imputation', 'component', 'part', 'factor', 'micro_segment',
    'micro_prototype',
  ]) }}
{% endmacro %}
