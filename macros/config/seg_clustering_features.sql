{#- The features that a fit clusters on: the user's list, or the default. -#}
{% macro seg_clustering_features() %}
  {%- set chosen = dbt_segmentation.seg_var('seg_clustering_features') -%}
  {%- if chosen -%}{{ return(chosen | sort) }}{%- endif -%}
  {%- set names = [] -%}
  {%- for name, feature in dbt_segmentation.seg_features().items() if feature.clustering -%}
    {%- do names.append(name) -%}
  {%- endfor -%}
  {{ return(names | sort) }}
{% endmacro %}
