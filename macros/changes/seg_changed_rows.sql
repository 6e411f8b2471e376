{#- The condition of rows of daily aggregates that don't hold any more. -#}
{% macro seg_changed_rows(day, inputs) %}
  {%- set listed = [] -%}
  {%- for input in inputs -%}{%- do listed.append("'" ~ input ~ "'") -%}{%- endfor -%}
  {{ return(
    day ~ " in (select c.day from {{ ref('int_seg__changed_days') }} as c where c.input in (" ~ listed | join(', ') ~ ")) "
    ~ "or customer_id in (select c.customer_id from {{ ref('int_seg__changed_customers') }} as c) "
    ~ "or (select b.is_rebuild from {{ ref('int_seg__feature_build') }} as b)"
  ) }}
{% endmacro %}
