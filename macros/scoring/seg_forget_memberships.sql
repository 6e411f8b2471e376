{#- What memberships may not remember. A customer who is told under another pseudonym now keeps the past; customers who may not
    be profiled any more, or whose records are gone, have none; nor has a provisional snapshot that a later one replaced.
    Runs after each build of the state, and asks when it runs: with --empty nobody is known, which is no reason to forget everybody. -#}
{% macro seg_forget_memberships() %}
  {{ return(adapter.dispatch('seg_forget_memberships', 'dbt_segmentation')()) }}
{% endmacro %}


{% macro default__seg_forget_memberships() %}
  {{ return([
    "{% if not flags.EMPTY %}delete from {{ this }} where is_provisional and snapshot_date < (select r.as_of_date from {{ ref('int_seg__run') }} as r){% endif %}",
    "{% if not flags.EMPTY %}delete from {{ this }} where customer_id not in (select c.customer_id from {{ ref('int_seg__customers') }} as c) and customer_id not in (select a.former_customer_id from {{ ref('int_seg__customer_aliases') }} as a where a.is_heir){% endif %}",
    "{% if not flags.EMPTY %}update {{ this }} set customer_id = (select a.customer_id from {{ ref('int_seg__customer_aliases') }} as a where a.former_customer_id = {{ this }}.customer_id) where customer_id in (select a.former_customer_id from {{ ref('int_seg__customer_aliases') }} as a where a.is_heir){% endif %}",
  ]) }}
{% endmacro %}


{#- the model itself leaves them out, see seg_remembered_memberships -#}
{% macro spark__seg_forget_memberships() %}
  {{ return([
    "{{ dbt_segmentation.seg_drop_partitions('snapshot_date', 'select m.snapshot_date from ' ~ this ~ ' as m cross join ' ~ ref('int_seg__run') ~ ' as r left join ' ~ ref('int_seg__customers') ~ ' as c on m.customer_id = c.customer_id group by m.snapshot_date having count(case when not (m.is_provisional and m.snapshot_date < r.as_of_date) then c.customer_id end) = 0') }}",
  ]) }}
{% endmacro %}
