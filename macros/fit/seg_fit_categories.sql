{#- The categories of the fit sample: those that seg_clustering_features names. -#}
{% macro seg_fit_categories() %}
  {%- set names, clustering = [], dbt_segmentation.seg_clustering_features() -%}
  {%- for feature in dbt_segmentation.seg_text_features() if feature in clustering -%}
    {%- do names.append(feature) -%}
  {%- endfor -%}
  {{ return(names) }}
{% endmacro %}
