{#- Whether the demo runs: a consumer's project is never it, whatever its target is called. -#}
{% macro seg_is_demo() %}
  {{ return(project_name == 'dbt_segmentation' and target.name == 'demo') }}
{% endmacro %}
