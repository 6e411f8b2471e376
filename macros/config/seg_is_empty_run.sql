{#- Whether dbt runs with --empty: nobody is known then, which is no reason to forget or to tell of anybody. -#}
{% macro seg_is_empty_run() %}
  {{ return(flags.EMPTY) }}
{% endmacro %}
