{#- The text in match form with the s of plurals off words of four letters or more, on which terms of the codebook are compared: the
    weak end of suffix stripping (Harman 1991, How effective is suffixing?), the same for French and English. -#}
{% macro seg_words(expression) -%}
  {{ dbt_segmentation.seg_regexp_replace(dbt_segmentation.seg_match_text(expression), '(\\p{L}{3})s( |$)', '\\1\\2') }}
{%- endmacro %}
