{#- What becomes of a row: rejected, withheld (its person may not be profiled), later (than the as-of date) or used. -#}
{% macro seg_row_status(day) -%}
  case
            when rejection_reason is not null then 'rejected'
            when owner_status = 'withheld' then 'withheld'
            when {{ day }} > as_of_date then 'later'
            else 'used'
        end as row_status
{%- endmacro %}
