{#- What is wrong with a value under a spec of seg_var_specs(), in words that say how to fix it; none if it is fine. -#}
{% macro seg_value_problem(value, spec) %}
  {%- set kind = spec.kind -%}
  {%- if value is none -%}
    {{ return(none if spec.nullable else 'is null, and may not be.') }}
  {%- elif kind == 'choice' and value not in spec.choices -%}
    {{ return("is '" ~ value ~ "'. Allowed: " ~ spec.choices | join(', ') ~ '.') }}
  {%- elif kind == 'int' and (value is not integer or value is boolean) -%}
    {{ return("is '" ~ value ~ "', and must be a whole number.") }}
  {%- elif kind == 'number' and (value is not number or value is boolean or value | string in ('inf', '-inf', 'nan')) -%}
    {{ return("is '" ~ value ~ "', and must be a number.") }}
  {%- elif kind in ('int', 'number') and 'min' in spec and value < spec.min -%}
    {{ return('is ' ~ value ~ ', and must be at least ' ~ spec.min ~ '.') }}
  {%- elif kind in ('int', 'number') and 'max' in spec and value > spec.max -%}
    {{ return('is ' ~ value ~ ', and must be at most ' ~ spec.max ~ '.') }}
  {%- elif kind == 'limits' and not dbt_segmentation._seg_are_limits(value, spec) -%}
    {{ return("is '" ~ value ~ "', and must be a list of two numbers from " ~ spec.min ~ ' to ' ~ spec.max ~ ', the smaller one first.') }}
  {%- elif kind == 'bool' and value is not boolean -%}
    {{ return("is '" ~ value ~ "', and must be true or false.") }}
  {%- elif kind == 'list' and (value is string or value is mapping or value is not sequence) -%}
    {{ return("is '" ~ value ~ "', and must be a list.") }}
  {%- elif kind == 'list' and (value | select('none') | list or value | select('mapping') | list) -%}
    {{ return("is '" ~ value ~ "', and must be a list of texts.") }}
  {%- elif kind == 'map' and value is not mapping -%}
    {{ return("is '" ~ value ~ "', and must be a mapping.") }}
  {%- elif kind in ('relation', 'text') and (value is not string or not value.strip()) -%}
    {{ return("is '" ~ value ~ "', and must be a text.") }}
  {%- elif kind == 'relation' and not modules.re.match('^(ref:\\w+(\\.\\w+)?|[^\\s;]+(\\.[^\\s;]+){0,2})$', value) -%}
    {{ return("is '" ~ value ~ "', and must be 'schema.table', 'database.schema.table' 'ref:model' or 'ref:package.model'.") }}
  {%- elif kind == 'country' and value not in dbt_segmentation._seg_country_codes() -%}
    {{ return("is '" ~ value ~ "', and must be a country's two capital letters, like FR.") }}
  {%- elif kind == 'currency' and not modules.re.match('^[A-Z]{3}$', value | string) -%}
    {{ return("is '" ~ value ~ "', and must be a currency's three capital letters, like EUR.") }}
  {%- elif kind == 'date' and not dbt_segmentation._seg_is_day(value | string) -%}
    {{ return("is '" ~ value ~ "', and must be a day like 2026-01-31.") }}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}


{#- Whether a text is a day that exists, written YYYY-MM-DD. -#}
{% macro _seg_is_day(text) %}
  {%- if not modules.re.match('^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$', text) -%}{{ return(false) }}{%- endif -%}
  {%- set year, month, day = text[:4] | int, text[5:7] | int, text[8:] | int -%}
  {%- set is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) -%}
  {{ return(year > 0 and day <= [31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]) }}
{% endmacro %}


{#- Whether a value is a list of two numbers within a spec's bounds, the smaller one first. -#}
{% macro _seg_are_limits(value, spec) %}
  {%- if value is string or value is mapping or value is not sequence or value | length != 2 -%}{{ return(false) }}{%- endif -%}
  {%- for number in value if number is not number or number is boolean -%}{{ return(false) }}{%- endfor -%}
  {{ return(spec.min <= value[0] < value[1] <= spec.max) }}
{% endmacro %}
