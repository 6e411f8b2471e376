{#- The columns of parameter rows, as name -> type. -#}
{% macro seg_parameter_columns() %}
  {%- set text = dbt.type_string() -%}
  {{ return({
    'model_version': text, 'stage': text, 'feature': text, 'component': text, 'value': dbt_segmentation.seg_type('double'), 'text_value': text,
  }) }}
{% endmacro %}
