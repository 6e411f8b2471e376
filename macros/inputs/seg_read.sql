{#- One input column as one of the contract's types. What can't be read becomes null; staging keeps the text beside it.
    Empty text is missing. A timestamp with a zone is brought to UTC. `kind` is what the column holds now: text, zoned
    (a timestamp with a zone) or typed (anything else, which needs no trimming). -#}
{% macro seg_read(column, type, kind) %}
  {%- if kind == 'zoned' and type in ('timestamp', 'date') -%}
    {%- set plain = dbt_segmentation.seg_zoned_to_utc(column) -%}
  {%- elif kind == 'typed' -%}
    {%- set plain = column -%}
  {%- else -%}
    {%- set plain = "nullif(trim(cast(" ~ column ~ " as " ~ dbt.type_string() ~ ")), '')" -%}
  {%- endif -%}
  {%- if type == 'string' -%}
    {{ return(plain if kind != 'typed' else 'cast(' ~ plain ~ ' as ' ~ dbt.type_string() ~ ')') }}
  {%- elif type == 'double' -%}
    {{ return(dbt_segmentation.seg_finite(dbt_segmentation.seg_try_cast(plain, dbt_segmentation.seg_type('double')))) }}
  {%- endif -%}
  {{ return(dbt_segmentation.seg_try_cast(plain, dbt_segmentation.seg_type(type))) }}
{% endmacro %}
