{#- The memberships as the run before left them. -#}
{% macro seg_told_memberships() %}
  {{ return(dbt_segmentation.seg_state_relation('int_seg__segment_memberships', {
    'customer_id': dbt.type_string(), 'snapshot_date': 'date', 'segment_key': dbt.type_string(),
    'sub_segment_key': dbt.type_string(), 'micro_segment_key': dbt.type_string(), 'model_version': dbt.type_string(),
    'model_segment_key': dbt.type_string(), 'activity': dbt_segmentation.seg_type('double'), 'run_id': dbt.type_string(),
    'is_provisional': dbt.type_boolean(), 'snapshot_period': dbt.type_string(),
  })) }}
{% endmacro %}
