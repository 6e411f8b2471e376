{#- The relation behind an input: the model that `ref:model` or `ref:package.model` names, the table that the source declares, or an empty row set
    where the input is not given, so that everything downstream builds all the same. -#}
{% macro seg_input(input) %}
  {%- set setting = dbt_segmentation.seg_var('seg_' ~ input ~ '_relation') -%}
  {%- if not setting -%}
    {{ return('(select 1 as seg_input_not_given where 1 = 0)') }}
  {%- elif setting.startswith('ref:') -%}
    {#- a model of the project that is run, named with it: dbt warns of a package that looks further than itself #}
    {%- set name = setting[4:].split('.') -%}
    {{ return(ref(project_name, name[0]) if name | length == 1 else ref(name[0], name[1])) }}
  {%- endif -%}
  {{ return(source('seg_' ~ input, 'relation')) }}
{% endmacro %}
