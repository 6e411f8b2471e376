{#- The engine's name for a type of the input contract. Amounts are exact decimals: their sums do not depend on row order. -#}
{% macro seg_type(type) %}
  {{ return(adapter.dispatch('seg_type', 'dbt_segmentation')(type)) }}
{% endmacro %}


{% macro default__seg_type(type) %}
  {{ return({
    'string': dbt.type_string(),
    'timestamp': dbt.type_timestamp(),
    'date': 'date',
    'amount': 'decimal(18, 4)',
    'double': 'double precision',
    'integer': 'integer',
    'boolean': dbt.type_boolean(),
  }[type]) }}
{% endmacro %}


{% macro duckdb__seg_type(type) %}
  {{ return('double' if type == 'double' else dbt_segmentation.default__seg_type(type)) }}
{% endmacro %}


{% macro bigquery__seg_type(type) %}
  {{ return('float64' if type == 'double' else dbt_segmentation.default__seg_type(type)) }}
{% endmacro %}


{% macro spark__seg_type(type) %}
  {{ return('double' if type == 'double' else dbt_segmentation.default__seg_type(type)) }}
{% endmacro %}
