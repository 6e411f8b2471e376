{#- What features were built from, day by day, as the run before left it. -#}
{% macro seg_built_days() %}
  {%- set text = dbt.type_string() -%}
  {{ return(dbt_segmentation.seg_state_relation('int_seg__built_days', {
    'input': text, 'day': 'date', 'row_count': dbt.type_bigint(), 'hash_total': 'decimal(38, 0)', 'settings_hash': text,
  })) }}
{% endmacro %}
