{#- A number with so many digits after the point, halves upwards: engines' own `round` of a double differs where its last digit is a 5. -#}
{% macro seg_rounded(expression, digits) -%}
  floor(({{ expression }}) * {{ 10 ** digits }} + 0.5) / {{ 10 ** digits }}
{%- endmacro %}
