{#- The columns of an input whose staging view keeps the text that they were made of. -#}
{% macro seg_repaired_columns(input) %}
  {%- set texts = ['email', 'phone', 'postal_code', 'country_code', 'gender', 'language', 'customer_type'] if input == 'customers' else [] -%}
  {%- set columns = [] -%}
  {%- for name, (type, must) in dbt_segmentation.seg_input_columns()[input].items() if type != 'string' or name in texts -%}
    {%- do columns.append(name) -%}
  {%- endfor -%}
  {{ return(columns) }}
{% endmacro %}
