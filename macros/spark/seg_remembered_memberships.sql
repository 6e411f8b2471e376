{#- On Spark: the memberships that stay, selected beside those that a run tells (the CTE `told`); see seg_forget_memberships and seg_state_strategy. -#}
{% macro seg_remembered_memberships(told) %}
  {%- set customers, aliases, run = ref('int_seg__customers'), ref('int_seg__customer_aliases'), ref('int_seg__run') -%}
  {#- references are told here: dbt reads them before it knows the branch -#}
  {{ return(adapter.dispatch('seg_remembered_memberships', 'dbt_segmentation')(told, customers, aliases, run)) }}
{% endmacro %}


{% macro default__seg_remembered_memberships(told, customers, aliases, run) -%}
  select * from {{ told }}
{%- endmacro %}


{% macro spark__seg_remembered_memberships(told, customers, aliases, run) -%}
  {%- if not dbt_segmentation.seg_is_incremental() -%}
  select * from {{ told }}
  {%- else %}
  {%- set columns, remembered, there = [], [], adapter.get_columns_in_relation(this) | map(attribute='name') | list -%}
  {#- what an earlier version of this package did not remember is not known -#}
  {%- set added = {
    'sub_segment_key': dbt.type_string(), 'micro_segment_key': dbt.type_string(), 'model_segment_key': dbt.type_string(),
    'activity': dbt_segmentation.seg_type('double'),
  } -%}
  {%- for column in there + added.keys() | list if column != 'customer_id' and column not in columns -%}
    {%- do columns.append(column) -%}
    {%- do remembered.append('remembered.' ~ column if column in there else 'cast(null as ' ~ added[column] ~ ') as ' ~ column) -%}
  {%- endfor %}
select
    customer_id,
    {{ columns | join(',\n    ') }}
from {{ told }}
union all
select
    coalesce(aliases.customer_id, remembered.customer_id) as customer_id,
    {{ remembered | join(',\n    ') }}
from {{ this }} as remembered
cross join {{ run }} as run
left join {{ customers }} as customers
    on remembered.customer_id = customers.customer_id
left join {{ aliases }} as aliases
    on remembered.customer_id = aliases.former_customer_id and aliases.is_heir
left join (select distinct snapshot_date from {{ told }}) as told_anew
    on remembered.snapshot_date = told_anew.snapshot_date
where
    told_anew.snapshot_date is null
    and not (remembered.is_provisional and remembered.snapshot_date < run.as_of_date)
    and (customers.customer_id is not null or aliases.customer_id is not null)
  {%- endif %}
{% endmacro %}
