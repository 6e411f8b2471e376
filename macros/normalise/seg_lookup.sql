{#- The two-letter code of a text in a fixed list ({text: code}), or null. One search in one constant: a `case` of hundreds
    of branches is evaluated branch by branch. Texts in the list hold neither | nor :. -#}
{% macro seg_lookup(expression, codes) %}
  {%- set entries = [] -%}
  {%- for text, code in codes.items() -%}{%- do entries.append(text ~ ':' ~ code) -%}{%- endfor -%}
  {%- set found = dbt_segmentation.seg_split_part("'|" ~ entries | join('|') ~ "|'", "'|' || " ~ expression ~ " || ':'", 2) -%}
  {{ return("nullif(substring(" ~ found ~ ", 1, 2), '')") }}
{% endmacro %}
