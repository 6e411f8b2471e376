{#- The configuration of a table that keeps what earlier runs built. Its rows of changed days and customers are deleted first; the
    model then gives what takes their place. `forget`: the condition of rows to delete; `families`: those that need it, one at
    least must be on. -#}
{% macro seg_kept(forget, families=none) %}
  {%- set enabled = families is none or dbt_segmentation.seg_family_enabled(families) -%}
  {%- if not dbt_segmentation.seg_keeps_features() -%}
    {{ return({'materialized': 'table', 'enabled': enabled}) }}
  {%- endif -%}
  {{ return({
    'materialized': 'incremental',
    'enabled': enabled,
    'incremental_strategy': 'append',
    'on_schema_change': 'sync_all_columns',
    'full_refresh': false,
    'tags': ['kept'],
    'pre_hook': "{% if is_incremental() and not flags.EMPTY %}delete from {{ this }} where " ~ forget ~ "{% endif %}",
  }) }}
{% endmacro %}


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
