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


{#- Rules for columns that must be readable: text that could not be read as the column's type. `prefix` is the table's alias
    with a dot, where the columns need one. -#}
{% macro seg_unreadable_rules(input, prefix='') -%}
  {%- set rules = [] -%}
  {%- for name, (type, must) in dbt_segmentation.seg_input_columns()[input].items() if type in ('amount', 'timestamp') -%}
    {%- set column = prefix ~ name -%}
    {%- do rules.append((
      column ~ ' is null and nullif(trim(' ~ column ~ "_as_given), '') is not null", 'unreadable_' ~ name, name, column ~ '_as_given'
    )) -%}
  {%- endfor -%}
  {%- for name, (type, must) in dbt_segmentation.seg_input_columns()[input].items() if must -%}
    {%- do rules.append((prefix ~ name ~ ' is null', 'missing_' ~ name, name, none)) -%}
  {%- endfor -%}
  {{ return(rules) }}
{%- endmacro %}
