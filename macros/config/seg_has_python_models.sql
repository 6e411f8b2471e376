{#- Whether Python models run here: seg_python_models, or what the engine is known for. The same rule stands in python_models/*/*.yml. -#}
{% macro seg_has_python_models() %}
  {%- set given = dbt_segmentation.seg_var('seg_python_models') -%}
  {{ return(given if given is not none else target.type not in ('spark', 'postgres', 'redshift')) }}
{% endmacro %}
