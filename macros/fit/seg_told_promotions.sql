{#- The verdicts on models as the run before left them. -#}
{% macro seg_told_promotions() %}
  {{ return(dbt_segmentation.seg_state_relation('int_seg__promotions', {
    'decision_number': dbt.type_bigint(), 'model_version': dbt.type_string(), 'verdict': dbt.type_string(), 'decided_by': dbt.type_string(),
    'as_of_date': 'date',
  })) }}
{% endmacro %}
