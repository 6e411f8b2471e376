{#- A text as it is compared: lower case, no accents, everything but letters and digits one blank; null where nothing is left. -#}
{% macro seg_match_text(expression) %}
  {%- set words = dbt_segmentation.seg_regexp_replace(
    dbt_segmentation.seg_unaccent(expression), '[^\\p{L}\\p{M}\\p{N}]+', ' '
  ) -%}
  {{ return("nullif(trim(" ~ words ~ "), '')") }}
{% endmacro %}
