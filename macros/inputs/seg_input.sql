{#- The relation behind an input: the model that `ref:` names, the table that the source declares, or an empty row set
    where the input is not given, so that everything downstream builds all the same. -#}
{% macro seg_input(input) %}
  {%- set setting = dbt_segmentation.seg_var('seg_' ~ input ~ '_relation') -%}
  {%- if not setting -%}
    {{ return('(select 1 as seg_input_not_given where 1 = 0)') }}
  {%- elif setting.startswith('ref:') -%}
    {{ return(ref(setting[4:])) }}
  {%- endif -%}
  {{ return(source('seg_' ~ input, 'relation')) }}
{% endmacro %}
