{#- The relation with the parameters that this run's fit gave: a Python model, or where none run the table that `dbt-segmentation fit` writes. -#}
{% macro seg_fitted_parameters() %}
  {{ return(dbt_segmentation.seg_python_model('ml_seg__fitted_parameters', dbt_segmentation.seg_parameter_columns())) }}
{% endmacro %}
