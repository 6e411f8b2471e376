{#- A currency as its three letters of ISO 4217: in upper case, a sign or a common name as its code. Others stay, and no rate is
    found for them. $ is read as the dollar of the United States. -#}
{% macro seg_currency_code(expression) -%}
  case lower({{ expression }})
    {%- for code, spellings in {
      'EUR': ['€', 'euro', 'euros'], 'USD': ['$', 'us$', 'dollar', 'dollars'], 'GBP': ['£', 'pound', 'pounds', 'livre sterling'],
      'CHF': ['fr.', 'sfr', 'franc suisse', 'francs suisses'], 'JPY': ['¥', 'yen'],
    }.items() %}
    {%- for spelling in spellings %}
            when '{{ spelling }}' then '{{ code }}'
    {%- endfor %}
    {%- endfor %}
            else upper({{ expression }})
        end
{%- endmacro %}
