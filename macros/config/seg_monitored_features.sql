{#- The features whose drift is watched: all but tenure, which grows by itself. -#}
{% macro seg_monitored_features() %}
  {{ return(dbt_segmentation.seg_features().keys() | reject('equalto', 'tenure_days') | list) }}
{% endmacro %}
