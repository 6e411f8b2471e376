{#- What the history of identities may not remember: records of people who may not be profiled any more, records that are gone
    from the input, of whose owners nobody can tell any more whether they may be, and pseudonyms that such a record once gave
    to others. Runs after each build of the state, and asks when it runs: with --empty nobody is known, which is no reason to forget everybody. -#}
{% macro seg_forget_identities() %}
  {{ return(adapter.dispatch('seg_forget_identities', 'dbt_segmentation')()) }}
{% endmacro %}


{% macro default__seg_forget_identities() %}
  {{ return([
    "{% if not flags.EMPTY %}delete from {{ this }} where record_key not in (select r.record_key from {{ ref('int_seg__customer_records') }} as r){% endif %}",
    "{% if not flags.EMPTY %}delete from {{ this }} where customer_id in (select s.record_key from {{ ref('int_seg__suppressed_records') }} as s){% endif %}",
    "{% if not flags.EMPTY %}update {{ this }} set former_customer_id = null where former_customer_id in (select s.record_key from {{ ref('int_seg__suppressed_records') }} as s){% endif %}",
  ]) }}
{% endmacro %}


{#- the model itself leaves them out, see seg_remembered_identities -#}
{% macro spark__seg_forget_identities() %}
  {{ return([
    "{{ dbt_segmentation.seg_drop_partitions('generation', 'select h.generation from ' ~ this ~ ' as h left join ' ~ ref('int_seg__customer_records') ~ ' as r on h.record_key = r.record_key group by h.generation having count(r.record_key) = 0') }}",
  ]) }}
{% endmacro %}
