{#- The model registry as the run before left it. -#}
{% macro seg_registry() %}
  {%- set text = dbt.type_string() -%}
  {{ return(dbt_segmentation.seg_state_relation('ml_seg__model_parameters', {
    'model_version': text, 'fit_key': text, 'config_hash': text, 'stage': text, 'feature': text, 'component': text,
    'value': dbt_segmentation.seg_type('double'), 'text_value': text, 'registered_at': dbt.type_timestamp(), 'as_of_date': 'date',
  })) }}
{% endmacro %}
