{#- The features of the wide table that are categories (texts), in order, each with its family. Nothing is fitted on them by itself. -#}
{% macro seg_text_features() %}
  {%- set features, told = {}, dbt_segmentation.seg_family_features() -%}
  {%- for family in dbt_segmentation.seg_feature_families() -%}
    {%- for feature in told[family].get('categories', []) -%}
      {%- do features.update({feature: {'family': family}}) -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(features) }}
{% endmacro %}
