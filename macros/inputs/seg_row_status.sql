{#- What becomes of a row: withheld (its person may not be profiled), rejected, later (than the as-of date) or used. Withheld
    comes first: a rejected row is listed, and nothing of these people is. `day` is none for rows without a day. -#}
{% macro seg_row_status(day=none) -%}
  case
            when owner_status = 'withheld' then 'withheld'
            when rejection_reason is not null then 'rejected'
            {%- if day %}
            when {{ day }} > as_of_date then 'later'
            {%- endif %}
            else 'used'
        end as row_status
{%- endmacro %}
