{#- A stable text key over columns: md5 of their texts with a separator that the texts cannot forge. -#}
{% macro seg_key(columns) -%}
  {%- set parts = [] -%}
  {%- for column in columns -%}
    {%- do parts.append("coalesce(replace(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '|', '||'), '')") -%}
    {%- if not loop.last -%}{%- do parts.append("'|-|'") -%}{%- endif -%}
  {%- endfor -%}
  {{ return(dbt.hash(dbt.concat(parts))) }}
{%- endmacro %}
