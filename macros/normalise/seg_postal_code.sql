{#- A postal code in upper case with single blanks. French ones are five digits: a lost leading zero comes back, 'F-' and
    blanks go, and what is then not five digits is null. French are those of France, and where the country is not known
    and seg_default_country is FR those that look it. Elsewhere more than 12 characters are no code. -#}
{% macro seg_postal_code(expression, country) %}
  {%- set digits = namespace(sql=expression) -%}
  {%- for pattern, replacement in [
    ('[.]0$', ''), ('^[Ff][Rr]?[ -]*', ''), ('[ .]', ''), ('^([0-9]{4})$', '0\\1'),
  ] -%}
    {%- set digits.sql = dbt_segmentation.seg_regexp_replace(digits.sql, pattern, replacement) -%}
  {%- endfor -%}
  {%- set french = "nullif(" ~ dbt_segmentation.seg_regexp_extract(digits.sql, '^[0-9]{5}$') ~ ", '')" -%}
  {%- set foreign = 'upper(' ~ dbt_segmentation.seg_regexp_replace(expression, '[ ]+', ' ') ~ ')' -%}
  {%- set other = "case when length(" ~ expression ~ ") <= 12 then " ~ foreign ~ " end" -%}
  {%- if dbt_segmentation.seg_var('seg_default_country') == 'FR' -%}
    {%- set other = 'coalesce(case when ' ~ country ~ ' is null then ' ~ french ~ ' end, ' ~ other ~ ')' -%}
  {%- endif -%}
  {{ return("case when " ~ country ~ " = 'FR' then " ~ french ~ " else " ~ other ~ " end") }}
{% endmacro %}
