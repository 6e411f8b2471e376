{#- A sum of names times numbers; `zero` where there is none. -#}
{% macro seg_linear_form(coefficients) -%}
  {%- set terms = [] -%}
  {%- for name, coefficient in coefficients.items() -%}
    {%- do terms.append(name ~ ' * ' ~ dbt_segmentation.seg_number(coefficient)) -%}
  {%- endfor -%}
  {{ terms | join(' + ') or 'cast(0 as ' ~ dbt_segmentation.seg_type('double') ~ ')' }}
{%- endmacro %}
