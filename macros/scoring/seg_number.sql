{#- A stored parameter as a literal that the engine reads as the same double, in brackets: `x--0.1` would begin a comment. -#}
{% macro seg_number(text) -%}
  (cast('{{ text }}' as {{ dbt_segmentation.seg_type('double') }}))
{%- endmacro %}
