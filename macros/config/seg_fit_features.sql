{#- The features of the fit sample: those that are clustered on, watched, or known to archetypes, and seg_response. -#}
{% macro seg_fit_features() %}
  {%- set names, clustering = [], dbt_segmentation.seg_clustering_features() -%}
  {%- set more = ['tenure_days', dbt_segmentation.seg_var('seg_response')] -%}
  {%- for feature, about in dbt_segmentation.seg_features().items() if about.watched or feature in clustering or feature in more -%}
    {%- do names.append(feature) -%}
  {%- endfor -%}
  {{ return(names) }}
{% endmacro %}
