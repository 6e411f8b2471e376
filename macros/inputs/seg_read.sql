{#- One input column as one of the contract's types. What can't be read becomes null; staging keeps the text beside it.
    `kind` is what seg_input_given left in the column: text (trimmed), or what the user's table holds: timestamp, zoned (a
    timestamp with a zone), date, integer, number, boolean; absent is a typed null. -#}
{% macro seg_read(column, type, kind) %}
  {%- set sql_type = dbt_segmentation.seg_type(type) -%}
  {%- if kind == 'absent' or type == 'string' -%}
    {{ return(column) }}
  {%- elif type == 'timestamp' and kind == 'text' -%}
    {{ return(dbt_segmentation.seg_read_timestamp(column)) }}
  {%- elif type == 'date' and kind == 'text' -%}
    {{ return(dbt_segmentation.seg_read_date(column)) }}
  {%- elif type in ('timestamp', 'date') -%}
    {%- set utc = dbt_segmentation.seg_zoned_to_utc(column) if kind == 'zoned' else column -%}
    {%- set local = dbt_segmentation.seg_local_time(utc) if kind == 'zoned' and type == 'date' else utc -%}
    {#- the same range as for texts; infinite times are outside it too -#}
    {{ return(
      "case when " ~ column ~ " >= cast('1900-01-01' as date) and " ~ column ~ " < cast('2201-01-01' as date) then cast("
      ~ local ~ ' as ' ~ sql_type ~ ') end'
    ) }}
  {%- elif type == 'boolean' -%}
    {{ return(column if kind == 'boolean' else dbt_segmentation.seg_read_boolean(column)) }}
  {%- endif -%}
  {{ return(dbt_segmentation._seg_read_number(column, type, kind)) }}
{% endmacro %}


{% macro _seg_read_number(column, type, kind) %}
  {%- set sql_type = dbt_segmentation.seg_type(type) -%}
  {%- if kind != 'text' -%}
    {%- set number = dbt_segmentation.seg_try_cast(column, sql_type) -%}
    {%- if type == 'integer' and kind == 'number' -%}
      {#- a cast would round 3.5 to 4 -#}
      {{ return('case when ' ~ column ~ ' = floor(' ~ column ~ ') then ' ~ number ~ ' end') }}
    {%- endif -%}
    {{ return(dbt_segmentation.seg_finite(number) if type == 'double' else number) }}
  {%- endif -%}
  {%- set mark = dbt_segmentation.seg_var('seg_decimal_mark') -%}
  {%- if column in ('latitude', 'longitude') -%}
    {#- 48,856 degrees have one reading: a coordinate has no thousands -#}
    {%- set degrees = dbt_segmentation.seg_regexp_extract("replace(" ~ column ~ ", ',', '.')", '^[+-]?[0-9]+(?:[.][0-9]+)?(?:[eE]-?[0-9]{1,2})?$') -%}
    {{ return(dbt_segmentation.seg_try_cast(degrees, sql_type)) }}
  {%- elif type == 'integer' -%}
    {#- 3.0 and 3,0 are 3, but 3,000 may be three thousand, and 3.000 too where seg_decimal_mark says comma -#}
    {%- set nothing_behind = '[.,](?:0{1,2}|0{4,})$' if mark == 'comma' else '(?:[.,](?:0{1,2}|0{4,})|[.]000)$' -%}
    {%- set joined = dbt_segmentation.seg_regexp_replace(column, '^([+-]?[0-9]{1,3})[ \\x{00a0}\\x{202f}]([0-9]{3})$', '\\1\\2') -%}
    {%- set whole = dbt_segmentation.seg_regexp_replace(joined, nothing_behind, '') -%}
    {{ return(dbt_segmentation.seg_try_cast(dbt_segmentation.seg_regexp_extract(whole, '^[+-]?[0-9]+$'), sql_type)) }}
  {%- endif -%}
  {#- first what programs write, which costs one pattern -#}
  {%- set plain = dbt_segmentation.seg_regexp_extract(column, '^-?[0-9]+(?:[.][0-9]' ~ ('{1,2}' if mark == 'comma' else '+') ~ ')?$') -%}
  {%- set read = 'coalesce(' ~ dbt_segmentation.seg_try_cast(plain, sql_type) ~ ', '
    ~ dbt_segmentation.seg_try_cast(dbt_segmentation.seg_decimal_text(column, mark), sql_type) ~ ')' -%}
  {{ return(dbt_segmentation.seg_finite(read) if type == 'double' else read) }}
{% endmacro %}
