{#- What memberships may not remember: people who may not be profiled any more, and provisional snapshots that a later one
    has replaced. Runs after each build of the state. -#}
{% macro seg_forget_memberships() %}
  {{ return(adapter.dispatch('seg_forget_memberships', 'dbt_segmentation')()) }}
{% endmacro %}


{% macro default__seg_forget_memberships() %}
  {{ return([
    "delete from {{ this }} where customer_id in (select r.customer_id from {{ ref('int_seg__customer_records') }} as r where r.row_status = 'withheld')",
    "delete from {{ this }} where is_provisional and snapshot_date < (select r.as_of_date from {{ ref('int_seg__run') }} as r)",
  ]) }}
{% endmacro %}
