{#- Columns of a judged row, null where the row is withheld: of such a row only the fact that there was one is kept. Of a row
    whose owner is not known, hence not whether that person may be profiled, no more is kept than what finds the row:
    `always`, which is given for inputs with owners, and must come with a column customer_id. -#}
{% macro seg_unless_withheld(columns, always=none) -%}
  {%- for column in columns %}
        case when row_status <> 'withheld'{{ ' and customer_id is not null' if always is not none and column not in always }} then {{ column }} end as {{ column }}{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}
