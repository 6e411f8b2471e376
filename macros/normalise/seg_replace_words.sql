{#- A text of words with single blanks between them, each word that `words` names replaced ({word: other word}). -#}
{% macro seg_replace_words(expression, words) %}
  {{ return(adapter.dispatch('seg_replace_words', 'dbt_segmentation')(expression, words)) }}
{% endmacro %}


{#- blanks are doubled, so that two such words side by side do not share one -#}
{% macro default__seg_replace_words(expression, words) %}
  {%- set text = namespace(sql="' ' || replace(" ~ expression ~ ", ' ', '  ') || ' '") -%}
  {%- for word, other in words.items() -%}
    {%- set text.sql = 'replace(' ~ text.sql ~ ", ' " ~ word ~ " ', ' " ~ other ~ " ')" -%}
  {%- endfor -%}
  {{ return('trim(replace(' ~ text.sql ~ ", '  ', ' '))") }}
{% endmacro %}


{% macro duckdb__seg_replace_words(expression, words) %}
  {%- set cases = [] -%}
  {%- for word, other in words.items() -%}
    {%- do cases.append("when '" ~ word ~ "' then '" ~ other ~ "'") -%}
  {%- endfor -%}
  {{ return(
    "array_to_string(list_transform(string_split(" ~ expression ~ ", ' '), lambda word: case word "
    ~ cases | join(' ') ~ " else word end), ' ')"
  ) }}
{% endmacro %}


{% macro spark__seg_replace_words(expression, words) %}
  {%- set cases = [] -%}
  {%- for word, other in words.items() -%}
    {%- do cases.append("when '" ~ word ~ "' then '" ~ other ~ "'") -%}
  {%- endfor -%}
  {{ return(
    "array_join(transform(split(" ~ expression ~ ", ' '), word -> case word " ~ cases | join(' ') ~ " else word end), ' ')"
  ) }}
{% endmacro %}
