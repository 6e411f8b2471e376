{#- The match form of a company's name: seg_match_text without its legal form, in front or behind; & and `and` are `et`.
    A name that is nothing but a legal form stays. -#}
{% macro seg_company_key(expression) %}
  {%- set forms = 'sarl|sas|sasu|sa|eurl|ei|eirl|snc|sci|scp|scop|selarl|gie|gmbh|ag|kg|ohg|ug|mbh|ltd|limited|plc|llp|llc|inc|'
    ~ 'incorporated|corp|corporation|co|company|cie|bv|nv|vof|srl|sprl|spa|sl|slu|oy|oyj|ab|as|aps|se|lda|kft|doo' -%}
  {#- S.A.R.L. is one word -#}
  {%- set closed = dbt_segmentation.seg_regexp_replace(expression, '\\b([A-Za-z])[.]', '\\1') -%}
  {%- set words = dbt_segmentation.seg_match_text("replace(" ~ closed ~ ", '&', ' et ')") -%}
  {%- set behind = dbt_segmentation.seg_regexp_replace(words, '(?: (?:(?:et|and) )?(?:' ~ forms ~ '))+$', '') -%}
  {%- set front = dbt_segmentation.seg_regexp_replace(behind, '^(?:(?:' ~ forms ~ ') )+', '') -%}
  {{ return(dbt_segmentation.seg_replace_words(front, {'and': 'et', 'ste': 'societe', 'ets': 'etablissements'})) }}
{% endmacro %}
