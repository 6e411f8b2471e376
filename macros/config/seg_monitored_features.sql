{#- The features whose drift is watched: all of the inputs that are given, but tenure, which grows by itself. -#}
{% macro seg_monitored_features() %}
  {%- set families = dbt_segmentation.seg_feature_families() -%}
  {%- set monitored = [] -%}
  {%- for feature, about in dbt_segmentation.seg_features().items() if feature != 'tenure_days' -%}
    {#- orders have always been asked for, so that their absence is told -#}
    {%- if about.family in ('rfm', 'purchase', 'category', 'campaign') or dbt_segmentation.seg_var('seg_' ~ families[about.family].input ~ '_relation') -%}
      {%- do monitored.append(feature) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(monitored) }}
{% endmacro %}
