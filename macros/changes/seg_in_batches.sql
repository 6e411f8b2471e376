{#- Hooks of a kept table that is built in batches of snapshots, so that what is joined fits into memory: the model's own statement builds the
    first batch, a hook adds the others. Where features are not kept, all is one batch. -#}
{% macro seg_in_batches(about) %}
  {%- if dbt_segmentation.seg_keeps_features() -%}
    {%- do about.update({
      'pre_hook': [about.pre_hook, "{{ dbt_segmentation._seg_take_in_hand(1) }}"],
      'post_hook': "{{ dbt_segmentation._seg_other_batches(this, model.compiled_code) }}",
    }) -%}
  {%- endif -%}
  {{ return(about) }}
{% endmacro %}


{% macro _seg_take_in_hand(batch) -%}
  update {{ ref('int_seg__snapshots_to_build').render() }} set is_in_hand = {{ 'true' if batch is none else 'batch = ' ~ batch }}
{%- endmacro %}


{% macro _seg_other_batches(relation, compiled_code) %}
  {%- set batches = run_query('select coalesce(max(batch), 0) from ' ~ ref('int_seg__snapshots_to_build').render()).columns[0].values()[0] | int if execute else 0 -%}
  {%- set columns = [] -%}
  {%- for column in adapter.get_columns_in_relation(relation) if batches > 1 -%}{%- do columns.append(column.quoted) -%}{%- endfor -%}
  {%- for batch in range(2, batches + 1) -%}
    {%- do run_query(dbt_segmentation._seg_take_in_hand(batch)) -%}
    {%- do run_query(
      'insert into ' ~ relation ~ ' (' ~ columns | join(', ') ~ ') select ' ~ columns | join(', ') ~ ' from (' ~ compiled_code ~ ') as built'
    ) -%}
  {%- endfor -%}
  {{ dbt_segmentation._seg_take_in_hand(none) }}
{% endmacro %}
