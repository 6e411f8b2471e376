{#- The condition of the rows that a kept daily aggregate is built from in this run: those of changed days and customers; all of them
    where nothing is kept yet. -#}
{% macro seg_rows_to_build(day, inputs) -%}
  {#- named outside the branch, so that dbt sees them when it parses; the last one is for seg_changed_rows -#}
  {%- set changed_days, changed_customers, feature_build = ref('int_seg__changed_days'), ref('int_seg__changed_customers'), ref('int_seg__feature_build') -%}
  {%- if dbt_segmentation.seg_is_incremental() -%}
    {{ dbt_segmentation._seg_is_changed(day, inputs, changed_days, changed_customers) }}
  {%- else -%}
    true
  {%- endif -%}
{%- endmacro %}
