{#- The memberships as the run before left them. -#}
{% macro seg_told_memberships() %}
  {{ return(dbt_segmentation.seg_state_relation('int_seg__segment_memberships', {
    'snapshot_date': 'date', 'model_version': dbt.type_string(),
  })) }}
{% endmacro %}
