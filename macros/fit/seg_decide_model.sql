{#- For `dbt run-operation`, by which `dbt-segmentation models` writes: a person's verdict on a model, which counts from the next run on:
    it is dated to the last day that was told, see seg_verdict_counts. Each of `verdicts` has model_version, verdict (promoted or rejected) and reason, in the order in which they are given. -#}
{% macro seg_decide_model(verdicts, decided_by) %}
  {%- set text, literal = dbt.type_string(), dbt_segmentation.seg_literal -%}
  {%- set promotions = graph.nodes.values() | selectattr('name', 'equalto', 'int_seg__promotions') | first -%}
  {%- set run = graph.nodes.values() | selectattr('name', 'equalto', 'int_seg__run') | first -%}
  {%- set told = graph.nodes.values() | selectattr('name', 'equalto', 'int_seg__segment_memberships') | first -%}
  {%- set day = 'greatest(r.as_of_date, coalesce((select max(m.snapshot_date) from ' ~ told.relation_name ~ ' as m), r.as_of_date))' -%}
  {%- for given in verdicts -%}
    {%- do run_query(
      'insert into ' ~ promotions.relation_name ~ ' (decision_number, model_version, verdict, reason, decided_by, decided_at, run_id, as_of_date) '
      ~ 'select coalesce((select max(p.decision_number) from ' ~ promotions.relation_name ~ ' as p), 0) + 1, '
      ~ 'cast(' ~ literal(given.model_version) ~ ' as ' ~ text ~ '), cast(' ~ literal(given.verdict) ~ ' as ' ~ text ~ '), '
      ~ 'cast(' ~ literal(given.reason) ~ ' as ' ~ text ~ '), cast(' ~ literal(decided_by) ~ ' as ' ~ text ~ '), '
      ~ 'cast(' ~ dbt.current_timestamp() ~ ' as ' ~ dbt.type_timestamp() ~ '), r.run_id, ' ~ day ~ ' from ' ~ run.relation_name ~ ' as r'
    ) -%}
  {%- endfor -%}
{% endmacro %}
