{#- The condition of rows of daily aggregates that don't hold any more. A hook is rendered when it runs, so its refs are left to be. -#}
{% macro seg_changed_rows(day, inputs) %}
  {{ return(
    dbt_segmentation._seg_is_changed(day, inputs, "{{ ref('int_seg__changed_days') }}", "{{ ref('int_seg__changed_customers') }}")
    ~ " or (select b.is_rebuild from {{ ref('int_seg__feature_build') }} as b)"
  ) }}
{% endmacro %}


{#- Whether a row is of a changed day of these inputs, or of a changed customer: one rule for what is deleted and what is built. -#}
{% macro _seg_is_changed(day, inputs, changed_days, changed_customers) %}
  {%- set listed = [] -%}
  {%- for input in inputs -%}{%- do listed.append("'" ~ input ~ "'") -%}{%- endfor -%}
  {{ return(
    "(" ~ day ~ " in (select c.day from " ~ changed_days ~ " as c where c.input in (" ~ listed | join(', ') ~ ")) "
    ~ "or customer_id in (select c.customer_id from " ~ changed_customers ~ " as c))"
  ) }}
{% endmacro %}
