{#- The parts of one segment, as labels of prototypes: `seg_001`, or `seg_001:00` and so on where it has several; none for the
    segment of those who are near nobody. -#}
{% macro seg_parts(model, segment) %}
  {%- set labels = [] -%}
  {%- for label in model.prototype.get(model.features[0], {}) if label.split(':')[0] == segment -%}
    {%- do labels.append(label) -%}
  {%- endfor -%}
  {{ return(labels | sort) }}
{% endmacro %}
