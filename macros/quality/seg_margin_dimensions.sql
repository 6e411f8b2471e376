{#- The columns of int_seg__customers that population margins may name. -#}
{% macro seg_margin_dimensions() %}
  {{ return([
    'age_band', 'company_size', 'country_code', 'customer_type', 'education', 'gender', 'income_band', 'language',
    'marital_status', 'occupation', 'sector',
  ]) }}
{% endmacro %}
