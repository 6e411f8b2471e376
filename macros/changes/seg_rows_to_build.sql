{#- The condition of the rows of `model` that a kept daily aggregate is built from in this run: those of changed days and customers; all
    of them where nothing is kept yet. -#}
{% macro seg_rows_to_build(day, inputs) -%}
  {#- named outside the branch, so that dbt sees them when it parses; the last one is for seg_changed_rows -#}
  {%- set changed_days, changed_customers, feature_build = ref('int_seg__changed_days'), ref('int_seg__changed_customers'), ref('int_seg__feature_build') -%}
  {%- if dbt_segmentation.seg_is_incremental() -%}
    {%- set listed = [] -%}
    {%- for input in inputs -%}{%- do listed.append("'" ~ input ~ "'") -%}{%- endfor -%}
    (
            {{ day }} in (select c.day from {{ changed_days }} as c where c.input in ({{ listed | join(', ') }}))
            or customer_id in (select c.customer_id from {{ changed_customers }} as c)
        )
  {%- else -%}
    true
  {%- endif -%}
{%- endmacro %}
