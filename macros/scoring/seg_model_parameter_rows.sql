{#- The parameter rows of the model whose model_version is in the relation `scorer`, as a list of {stage, feature, component,
    value, text_value}; the only macro that queries. Values are texts that read back as the same double. Gives [] when dbt does not execute, may
    not introspect, or the tables are not there yet: scoring models then produce typed nulls. -#}
{% macro seg_model_parameter_rows(scorer) %}
  {%- set registry = ref('ml_seg__model_parameters') -%}
  {%- set named = ref(scorer) -%}
  {%- if not execute or not flags.INTROSPECT -%}{{ return([]) }}{%- endif -%}
  {%- for relation in (registry, named) -%}
    {%- if adapter.get_relation(relation.database, relation.schema, relation.identifier) is none -%}{{ return([]) }}{%- endif -%}
  {%- endfor -%}
  {%- set result = run_query(
    'select r.stage, r.feature, r.component, cast(r.value as ' ~ dbt.type_string() ~ ') as value, r.text_value from '
    ~ registry ~ ' as r inner join ' ~ named ~ ' as c on r.model_version = c.model_version '
    ~ "where r.stage in ('" ~ dbt_segmentation.seg_scoring_stages() | join("', '") ~ "') order by r.stage, r.feature, r.component"
  ) -%}
  {%- set rows = [] -%}
  {%- for row in result.rows -%}
    {%- do rows.append({'stage': row[0], 'feature': row[1], 'component': row[2], 'value': row[3], 'text_value': row[4]}) -%}
  {%- endfor -%}
  {{ return(rows) }}
{% endmacro %}
