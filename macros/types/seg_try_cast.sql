{#- A cast that gives null where the value cannot be read. -#}
{% macro seg_try_cast(expression, type) %}
  {{ return(adapter.dispatch('seg_try_cast', 'dbt_segmentation')(expression, type)) }}
{% endmacro %}


{% macro default__seg_try_cast(expression, type) %}
  {{ return(dbt.safe_cast(expression, type)) }}
{% endmacro %}


{% macro duckdb__seg_try_cast(expression, type) %}
  {{ return('try_cast(' ~ expression ~ ' as ' ~ type ~ ')') }}
{% endmacro %}


{% macro spark__seg_try_cast(expression, type) %}
  {{ return('try_cast(' ~ expression ~ ' as ' ~ type ~ ')') }}
{% endmacro %}
