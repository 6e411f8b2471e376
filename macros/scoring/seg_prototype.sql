{#- The coordinates of one segment's prototype: {feature: value}. -#}
{% macro seg_prototype(model, segment) %}
  {%- set coordinates = {} -%}
  {%- for feature in model.features -%}
    {%- do coordinates.update({feature: model.prototype[feature][segment]}) -%}
  {%- endfor -%}
  {{ return(coordinates) }}
{% endmacro %}
