{#- The pseudonym of columns taken together: 32 hexadecimal digits of a keyed HMAC; null where any of them is null. -#}
{% macro seg_pseudonym(columns) %}
  {{ return(adapter.dispatch('seg_pseudonym', 'dbt_segmentation')(columns)) }}
{% endmacro %}


{#- `seg_hmac` is a function of the warehouse that knows the key. The plugin registers it on DuckDB's connections; elsewhere
    an administrator creates it. The key never passes through dbt, which would write it into its artefacts. -#}
{% macro default__seg_pseudonym(columns) %}
  {%- set parts = [] -%}
  {%- for column in columns -%}
    {%- do parts.append("replace(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '|', '||')") -%}
  {%- endfor -%}
  {{ return('seg_hmac(' ~ parts | join(" || '|-|' || ") ~ ')') }}
{% endmacro %}
