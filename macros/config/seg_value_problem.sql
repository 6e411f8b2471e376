{#- What is wrong with a value under a spec of seg_var_specs(), in words that say how to fix it; none if it is fine. -#}
{% macro seg_value_problem(value, spec) %}
  {%- set kind = spec.kind -%}
  {%- if value is none -%}
    {{ return(none if spec.nullable else 'is null, and may not be.') }}
  {%- elif kind == 'choice' and value not in spec.choices -%}
    {{ return("is '" ~ value ~ "'. Allowed: " ~ spec.choices | join(', ') ~ '.') }}
  {%- elif kind == 'int' and (value is not integer or value is boolean) -%}
    {{ return("is '" ~ value ~ "', and must be a whole number.") }}
  {%- elif kind == 'number' and (value is not number or value is boolean) -%}
    {{ return("is '" ~ value ~ "', and must be a number.") }}
  {%- elif kind in ('int', 'number') and 'min' in spec and value < spec.min -%}
    {{ return('is ' ~ value ~ ', and must be at least ' ~ spec.min ~ '.') }}
  {%- elif kind in ('int', 'number') and 'max' in spec and value > spec.max -%}
    {{ return('is ' ~ value ~ ', and must be at most ' ~ spec.max ~ '.') }}
  {%- elif kind == 'bool' and value is not boolean -%}
    {{ return("is '" ~ value ~ "', and must be true or false.") }}
  {%- elif kind == 'list' and (value is string or value is mapping or value is not sequence) -%}
    {{ return("is '" ~ value ~ "', and must be a list.") }}
  {%- elif kind == 'map' and value is not mapping -%}
    {{ return("is '" ~ value ~ "', and must be a mapping.") }}
  {%- elif kind in ('relation', 'text') and (value is not string or not value.strip()) -%}
    {{ return("is '" ~ value ~ "', and must be a text.") }}
  {%- elif kind == 'relation' and not modules.re.match('^(ref:\\w+(\\.\\w+)?|[^\\s;]+(\\.[^\\s;]+){0,2})$', value) -%}
    {{ return("is '" ~ value ~ "', and must be 'schema.table', 'database.schema.table' 'ref:model' or 'ref:package.model'.") }}
  {%- elif kind == 'date' and not modules.re.match('^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$', value | string) -%}
    {{ return("is '" ~ value ~ "', and must be a day like 2026-01-31.") }}
  {%- endif -%}
  {{ return(none) }}
{% endmacro %}
