{#- Texts of many rows as one, in their own order, with commas between them. -#}
{% macro seg_listagg(expression) %}
  {{ return(adapter.dispatch('seg_listagg', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{% macro default__seg_listagg(expression) %}
  {{ return(dbt.listagg(expression, "','", 'order by ' ~ expression)) }}
{% endmacro %}


{#- null where there is nothing, as elsewhere -#}
{% macro spark__seg_listagg(expression) %}
  {{ return("nullif(array_join(array_sort(collect_list(" ~ expression ~ ")), ','), '')") }}
{% endmacro %}
