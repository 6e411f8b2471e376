{#- The features whose drift is watched: those that are clustered on, and those of the inputs that are given;
    not tenure, which grows by itself. -#}
{% macro seg_monitored_features() %}
  {%- set monitored, clustering = [], dbt_segmentation.seg_clustering_features() -%}
  {%- set opens = ('messages_opened', 'message_open_rate') -%}
  {%- for feature, about in dbt_segmentation.seg_features().items() -%}
    {#- orders have always been asked for, so that their absence is told -#}
    {%- set given = about.family in ('rfm', 'purchase', 'category', 'campaign') or dbt_segmentation.seg_var('seg_' ~ about.input ~ '_relation') -%}
    {%- if feature != 'tenure_days' and (feature in clustering or about.watched and given and (feature not in opens or dbt_segmentation.seg_var('seg_use_opens'))) -%}
      {%- do monitored.append(feature) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(monitored) }}
{% endmacro %}
