{#- A text as true or false, in English or French; null where it says neither. -#}
{% macro seg_read_boolean(expression) -%}
  case
            when lower({{ expression }}) in ('true', 't', 'yes', 'y', 'oui', 'o', 'vrai', 'v', 'on', '1', '1.0') then true
            when lower({{ expression }}) in ('false', 'f', 'no', 'n', 'non', 'faux', 'off', '0', '0.0') then false
        end
{%- endmacro %}
