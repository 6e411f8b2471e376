{#- Three columns that judge a row: rejection_reason, rejected_field and rejected_value, taken from the first rule that the
    row breaks. `rules` is a list of (condition, reason, field, value); value may be none. -#}
{% macro seg_first_problem(rules) -%}
  case
    {%- for condition, reason, field, value in rules %}
            when {{ condition }} then '{{ reason }}'
    {%- endfor %}
        end as rejection_reason,
        case
    {%- for condition, reason, field, value in rules %}
            when {{ condition }} then '{{ field }}'
    {%- endfor %}
        end as rejected_field,
        case
    {%- for condition, reason, field, value in rules %}
            when {{ condition }} then {{ 'cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ ')' if value else 'cast(null as ' ~ dbt.type_string() ~ ')' }}
    {%- endfor %}
        end as rejected_value
{%- endmacro %}
