{#- The match form of a town: seg_match_text with St and Ste spelt out, without a postal code in front, CEDEX and its number,
    or the number of an arrondissement. -#}
{% macro seg_city_key(expression) %}
  {%- set text = namespace(sql=dbt_segmentation.seg_match_text(expression)) -%}
  {%- for pattern, replacement in [
    ('^[0-9]{4,5} ', ''),
    (' cedex(?: [0-9]+)?$', ''),
    (' [0-9]{1,2} ?(?:e|er|eme|ieme|nd|nde|re)?(?: (?:arrondissement|arrdt|arrt|arr|ardt))?$', ''),
    ('\\bst ', 'saint '),
    ('\\bste ', 'sainte '),
    (' s ', ' sur '),
    (' ss ', ' sous '),
  ] -%}
    {%- set text.sql = dbt_segmentation.seg_regexp_replace(text.sql, pattern, replacement) -%}
  {%- endfor -%}
  {{ return("nullif(" ~ text.sql ~ ", '')") }}
{% endmacro %}
