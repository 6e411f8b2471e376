{#- Which of a few values a text means ({value: [words]}), or null. Words are as seg_match_text gives them. -#}
{% macro seg_word_choice(expression, words) -%}
  case {{ dbt_segmentation.seg_match_text(expression) }}
    {%- for value, spellings in words.items() %}
    {%- for word in spellings %}
            when '{{ word }}' then '{{ value }}'
    {%- endfor %}
    {%- endfor %}
        end
{%- endmacro %}
