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


{#- Rules for columns that must be readable: text that could not be read as the column's type. -#}
{% macro seg_unreadable_rules(input) -%}
  {%- set rules = [] -%}
  {%- for name, (type, must) in dbt_segmentation.seg_input_columns()[input].items() if type in ('amount', 'timestamp') -%}
    {%- do rules.append((
      name ~ ' is null and nullif(trim(' ~ name ~ "_as_given), '') is not null", 'unreadable_' ~ name, name, name ~ '_as_given'
    )) -%}
  {%- endfor -%}
  {%- for name, (type, must) in dbt_segmentation.seg_input_columns()[input].items() if must -%}
    {%- do rules.append((name ~ ' is null', 'missing_' ~ name, name, none)) -%}
  {%- endfor -%}
  {{ return(rules) }}
{%- endmacro %}
