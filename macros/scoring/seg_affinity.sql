{#- The linear form of one prototype: x . c - |c|^2 / 2. The largest one belongs to the nearest prototype, and
    |x - c|^2 = |x|^2 - 2 * affinity. Cheaper than squared differences, and plain SQL on any engine. -#}
{% macro seg_affinity(features, prototype) -%}
  {%- set number = dbt_segmentation.seg_number -%}
  {%- set terms, squares = [], [] -%}
  {%- for feature in features -%}
    {%- do terms.append(feature ~ ' * ' ~ number(prototype[feature])) -%}
    {%- do squares.append(number(prototype[feature]) ~ ' * ' ~ number(prototype[feature])) -%}
  {%- endfor -%}
  {{ terms | join(' + ') }} - ({{ squares | join(' + ') }}) / 2
{%- endmacro %}
