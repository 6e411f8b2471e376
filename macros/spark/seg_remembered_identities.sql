{#- On Spark: what the history of identities keeps, selected beside what a run adds; see seg_forget_identities and seg_state_strategy. -#}
{% macro seg_remembered_identities() %}
  {%- set customer_records, suppressed_records = ref('int_seg__customer_records'), ref('int_seg__suppressed_records') -%}
  {#- references are told here: dbt reads them before it knows the branch -#}
  {{ return(adapter.dispatch('seg_remembered_identities', 'dbt_segmentation')(customer_records, suppressed_records)) }}
{% endmacro %}


{% macro default__seg_remembered_identities(customer_records, suppressed_records) %}
{% endmacro %}


{% macro spark__seg_remembered_identities(customer_records, suppressed_records) %}
  {%- if dbt_segmentation.seg_is_incremental() %}
    union all
    select
        remembered.record_key,
        remembered.customer_id,
        case when former.record_key is null then remembered.former_customer_id end as former_customer_id,
        remembered.generation,
        remembered.valid_from,
        remembered.run_id,
        remembered.key_check
    from {{ this }} as remembered
    inner join {{ customer_records }} as present
        on remembered.record_key = present.record_key
    left join {{ suppressed_records }} as suppressed
        on remembered.customer_id = suppressed.record_key
    left join {{ suppressed_records }} as former
        on remembered.former_customer_id = former.record_key
    where suppressed.record_key is null
  {%- endif %}
{% endmacro %}
