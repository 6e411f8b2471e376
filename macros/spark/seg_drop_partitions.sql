{#- For hooks on Spark: drops the partitions of which a query says that nothing stays. -#}
{% macro seg_drop_partitions(column, query) %}
  {%- if execute and not flags.EMPTY -%}
    {%- for value in run_query(query).columns[0].values() -%}
      {%- do run_query('alter table ' ~ this ~ " drop if exists partition (" ~ column ~ " = '" ~ value ~ "')") -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}
