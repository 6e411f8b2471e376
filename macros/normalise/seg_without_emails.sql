{#- A text of an input without the e-mail addresses in it, which would otherwise be stored with it: pages and search terms carry
    them, and some tools number people and messages by them. A number that holds one becomes a pseudonym as a whole, the same in every
    input, so that joins still find it; in other texts *** stands in the address's place. As they stand in web addresses (%40), too. -#}
{% macro seg_without_emails(expression, is_id=false) -%}
  {%- set part = "[^\\s@<>\"'(),;:=&?/\\\\|]+" -%}
  {%- set address = part ~ '(?:@|%40)[\\p{L}\\p{N}.-]+[.][\\p{L}\\p{N}]{2,}' -%}
  case
            when {{ expression }} like '%@%' or {{ dbt.position("'%40'", expression) }} > 0
                then {% if is_id -%}
                case
                    when {{ dbt_segmentation.seg_matches(expression, address) }} then {{ dbt_segmentation.seg_pseudonym(['lower(' ~ expression ~ ')']) }}
                    else {{ expression }}
                end
                {%- else -%}
                {{ dbt_segmentation.seg_regexp_replace(expression, address, '***') }}
                {%- endif %}
            else {{ expression }}
        end
{%- endmacro %}
