{#- The full_refresh setting of remembered state: never, unless seg_allow_full_refresh, which leaves it to --full-refresh. -#}
{% macro seg_full_refresh() %}
  {{ return(none if dbt_segmentation.seg_var('seg_allow_full_refresh') else false) }}
{% endmacro %}
