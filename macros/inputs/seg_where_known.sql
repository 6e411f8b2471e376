{#- What ends a select from an input's relation: see seg_known_rows. -#}
{% macro seg_where_known(input) -%}
  {%- set known = dbt_segmentation.seg_known_rows(input) -%}
  {{- '\n    where ' ~ known if known else '' -}}
{%- endmacro %}
