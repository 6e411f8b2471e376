{#- The relation behind a list that people may edit: the package's seed `seg_<name>`, or what the var `seg_<name>_relation`
    names instead: `ref:model`, `ref:package.model` or `schema.table`. It replaces the seed as a whole, so it has the seed's
    columns; whoever reads it casts them. A table named directly is not in dbt's lineage: these lists are small and change
    by hand, so a source each would say nothing. -#}
{% macro seg_reference(name) %}
  {%- set setting = dbt_segmentation.seg_var('seg_' ~ name ~ '_relation') -%}
  {%- if not setting -%}
    {{ return(ref('seg_' ~ name)) }}
  {%- endif -%}
  {%- if setting.startswith('ref:') -%}
    {%- set model = setting[4:].split('.') -%}
    {%- set relation = ref(project_name, model[0]) if model | length == 1 else ref(model[0], model[1]) -%}
  {%- else -%}
    {%- set parts = setting.split('.') -%}
    {%- set relation = api.Relation.create(
      database=parts[-3] if parts | length == 3 else target.database,
      schema=parts[-2] if parts | length > 1 else target.schema,
      identifier=parts[-1],
    ) -%}
  {%- endif -%}
  {%- if execute and flags.INTROSPECT -%}
    {%- do dbt_segmentation._seg_check_reference(name, setting, relation) -%}
  {%- endif -%}
  {{ return(relation) }}
{% endmacro %}


{#- Stops where a list of the user's own is not there, or lacks a column, with the column that is meant. -#}
{% macro _seg_check_reference(name, setting, relation) %}
  {%- set loaded = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
  {%- if loaded is none and flags.WHICH in ('run', 'build') -%}
    {{ exceptions.raise_compiler_error("seg config: " ~ setting ~ " (seg_" ~ name ~ "_relation) does not exist. Correct the var, or set it to null for the package's list.") }}
  {%- elif loaded is not none -%}
    {%- set found = [] -%}
    {%- for column in adapter.get_columns_in_relation(loaded) -%}{%- do found.append(column.name | lower) -%}{%- endfor -%}
    {%- for column in dbt_segmentation.seg_reference_columns()[name] if column not in found -%}
      {{ exceptions.raise_compiler_error(
        "seg config: " ~ setting ~ " (seg_" ~ name ~ "_relation) has no column '" ~ column ~ "'. Nearest column there: '"
        ~ dbt_segmentation.seg_nearest_name(column, found) ~ "'. The seed seg_" ~ name ~ " shows all columns."
      ) }}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}
