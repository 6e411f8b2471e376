{#- Three columns that judge a row: rejection_reason, rejected_field and masked_value, taken from the first rule that the
    row breaks. `rules` is a list of (condition, reason, field, value); value may be none. Masked at once: a value that could not
    be read, or the number of an unknown customer, can be anybody's name or e-mail, and judged rows are stored. -#}
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
            when {{ condition }} then {{ dbt_segmentation.seg_masked(value) if value else 'cast(null as ' ~ dbt.type_string() ~ ')' }}
    {%- endfor %}
        end as masked_value
{%- endmacro %}
