{#- The condition of rows of customers whose features are summed now: everybody's, or those of changed customers where the snapshots in
    hand are built for them only. It spares work: int_seg__customer_snapshots says who is built at which snapshot. -#}
{% macro seg_customer_in_hand(customer_id) -%}
  (
            {{ customer_id }} in (select c.customer_id from {{ ref('int_seg__changed_customers') }} as c)
            or (select count(*) from {{ ref('int_seg__snapshots_in_hand') }} as s where s.is_for_everyone) > 0
        )
{%- endmacro %}
