{#- What a segment is called and what is done about it: columns of dim_seg__segments that people may override. -#}
{% macro seg_overridable_texts() %}
  {{ return(['label_en', 'label_fr', 'description_en', 'description_fr', 'recommended_action_en', 'recommended_action_fr']) }}
{% endmacro %}
