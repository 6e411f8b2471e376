{#- The exact median of a double. -#}
{% macro seg_median(expression) %}
  {{ return(adapter.dispatch('seg_median', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{% macro default__seg_median(expression) %}
  {{ return('percentile_cont(0.5) within group (order by ' ~ expression ~ ')') }}
{% endmacro %}
