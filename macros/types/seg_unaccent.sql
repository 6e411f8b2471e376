{#- A text in lower case without accents; ligatures and letters with a stroke in their usual plain spelling. -#}
{% macro seg_unaccent(expression) %}
  {{ return(adapter.dispatch('seg_unaccent', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{#- On PostgreSQL `unaccent` is an extension; elsewhere override this macro. -#}
{% macro default__seg_unaccent(expression) %}
  {{ return('lower(unaccent(' ~ expression ~ '))') }}
{% endmacro %}


{#- strip_accents ends a text at a NUL, and leaves letters that do not decompose: they are spelt out -#}
{% macro duckdb__seg_unaccent(expression) %}
  {{ return(dbt_segmentation._seg_spelt_out('strip_accents', expression)) }}
{% endmacro %}


{#- A function that the session registers: without_accents in accents.py. -#}
{% macro spark__seg_unaccent(expression) %}
  {{ return(dbt_segmentation._seg_spelt_out('seg_strip_accents', expression)) }}
{% endmacro %}


{% macro _seg_spelt_out(strip_accents, expression) %}
  {%- set text = namespace(sql="translate(lower(" ~ strip_accents ~ "(replace(" ~ expression ~ ", chr(0), ' '))), 'øłđðı', 'olddi')") -%}
  {%- for letter, plain in {'œ': 'oe', 'æ': 'ae', 'ß': 'ss', 'þ': 'th'}.items() -%}
    {%- set text.sql = 'replace(' ~ text.sql ~ ", '" ~ letter ~ "', '" ~ plain ~ "')" -%}
  {%- endfor -%}
  {{ return(text.sql) }}
{% endmacro %}
