{#- A 64-bit hash of all columns of a row, named by its table alias. Compared only with what the same engine said before: another
    version of the engine may hash otherwise, and then everything counts as changed. -#}
{% macro seg_row_hash(alias) %}
  {{ return(adapter.dispatch('seg_row_hash', 'dbt_segmentation')(alias)) }}
{% endmacro %}


{% macro default__seg_row_hash(alias) %}
  {{ return('hash(' ~ alias ~ '.*)') }}
{% endmacro %}


{% macro duckdb__seg_row_hash(alias) %}
  {{ return('hash(' ~ alias ~ ')') }}
{% endmacro %}


{% macro spark__seg_row_hash(alias) %}
  {{ return('xxhash64(' ~ alias ~ '.*)') }}
{% endmacro %}


{% macro postgres__seg_row_hash(alias) %}
  {{ return('hashtextextended(cast(' ~ alias ~ ' as text), 0)') }}
{% endmacro %}


{% macro bigquery__seg_row_hash(alias) %}
  {{ return('farm_fingerprint(to_json_string(' ~ alias ~ '))') }}
{% endmacro %}
