{#- scale name -> feature name, for the scales that seg_survey_scales names. -#}
{% macro seg_scale_features() %}
  {%- set features = {} -%}
  {%- for scale in dbt_segmentation.seg_var('seg_survey_scales') -%}
    {%- do features.update({scale | string: dbt_segmentation.seg_scale_feature(scale)}) -%}
  {%- endfor -%}
  {{ return(features) }}
{% endmacro %}
