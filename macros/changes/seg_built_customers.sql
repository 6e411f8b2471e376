{#- The customers that features were built of, as the run before left them. -#}
{% macro seg_built_customers() %}
  {%- set text, number = dbt.type_string(), 'decimal(38, 0)' -%}
  {{ return(dbt_segmentation.seg_state_relation('int_seg__built_customers', {
    'customer_id': text, 'identity_hash': number, 'record_hash': number, 'known_since': 'date',
  })) }}
{% endmacro %}
