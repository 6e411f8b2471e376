{#- One input column as one of the contract's types. What can't be read becomes null; staging keeps the text beside it.
    Empty text is missing. A timestamp with a zone is brought to UTC. -#}
{% macro seg_read(column, type, zoned=false) %}
  {%- set text = "nullif(trim(cast(" ~ column ~ " as " ~ dbt.type_string() ~ ")), '')" -%}
  {%- if type == 'string' -%}
    {{ return(text) }}
  {%- elif type == 'timestamp' and zoned -%}
    {{ return(dbt_segmentation.seg_zoned_to_utc(column)) }}
  {%- elif type in ('timestamp', 'date', 'boolean') -%}
    {{ return(dbt_segmentation.seg_try_cast(text, dbt_segmentation.seg_type(type))) }}
  {%- endif -%}
  {#- numbers pass through a double: it reads '1e3' and lets 'inf' and 'nan' fail in the second cast -#}
  {%- set number = dbt_segmentation.seg_finite(dbt_segmentation.seg_try_cast(text, dbt_segmentation.seg_type('double'))) -%}
  {%- if type == 'double' -%}
    {{ return(number) }}
  {%- elif type == 'amount' -%}
    {{ return(dbt_segmentation.seg_try_cast(text, dbt_segmentation.seg_type('amount'))) }}
  {%- endif -%}
  {{ return(dbt_segmentation.seg_try_cast(number, dbt_segmentation.seg_type(type))) }}
{% endmacro %}
