{#- The features of the fit sample: those that are clustered on, watched, or known to archetypes. -#}
{% macro seg_fit_features() %}
  {%- set names, clustering = [], dbt_segmentation.seg_clustering_features() -%}
  {%- for feature, about in dbt_segmentation.seg_features().items() if about.watched or feature in clustering or feature == 'tenure_days' -%}
    {%- do names.append(feature) -%}
  {%- endfor -%}
  {{ return(names) }}
{% endmacro %}
