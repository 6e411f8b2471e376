{#- is_incremental(), and false where dbt may not look into the warehouse (compile --no-introspect). -#}
{% macro seg_is_incremental() %}
  {{ return(flags.INTROSPECT and is_incremental()) }}
{% endmacro %}
