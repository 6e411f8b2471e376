{#- Whether a day in the shop's zone lies in the future of a run. East of UTC today may already be tomorrow. -#}
{% macro seg_is_future(day, run_date) -%}
  {{ day }} > {{ dbt_segmentation.seg_days_later(run_date, 1) }}
{%- endmacro %}
