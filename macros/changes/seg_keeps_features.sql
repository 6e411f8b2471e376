{#- Whether features are kept from run to run and only what has changed is built. Where tables can't be deleted from, every run
    builds all of them. -#}
{% macro seg_keeps_features() %}
  {{ return(adapter.dispatch('seg_keeps_features', 'dbt_segmentation')()) }}
{% endmacro %}


{% macro default__seg_keeps_features() %}
  {{ return(true) }}
{% endmacro %}


{% macro spark__seg_keeps_features() %}
  {{ return(false) }}
{% endmacro %}
