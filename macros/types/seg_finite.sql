{#- A double, or null where it is infinite or not a number. -#}
{% macro seg_finite(expression) %}
  {{ return(adapter.dispatch('seg_finite', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{#- Only finite numbers lie between the smallest and the largest double; NaN compares as larger than all or as false. -#}
{% macro default__seg_finite(expression) %}
  {{ return('case when ' ~ expression ~ ' between -1.7e308 and 1.7e308 then ' ~ expression ~ ' end') }}
{% endmacro %}
