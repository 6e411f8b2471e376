{#- A text as a timestamp in UTC; null where it has no reading, or two, or a year outside 1900 to 2200.
    Read: ISO 8601, with a zone or without (then it is UTC); seconds, milliseconds or microseconds since 1970 as 10, 13 or
    16 digits; day or month first with / . or -, where a part over 12, or seg_date_order, tells which is which. -#}
{% macro seg_read_timestamp(expression) %}
  {{ return(adapter.dispatch('seg_read_timestamp', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{% macro default__seg_read_timestamp(expression) %}
  {{ return(dbt_segmentation.seg_try_cast(expression, dbt_segmentation.seg_type('timestamp'))) }}
{% endmacro %}


{% macro duckdb__seg_read_timestamp(expression) %}
  {{ return(dbt_segmentation._seg_timestamp_readings(expression)) }}
{% endmacro %}


{% macro spark__seg_read_timestamp(expression) %}
  {{ return(dbt_segmentation._seg_timestamp_readings(expression)) }}
{% endmacro %}


{% macro _seg_timestamp_readings(expression) %}
  {%- set year = dbt_segmentation._seg_year() -%}
  {%- set plain = dbt_segmentation.seg_regexp_extract(
    expression, '^' ~ year ~ '-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]+)?)?)?$'
  ) -%}
  {#- first what programs write, which costs one pattern; the rest is looked at only where that fails -#}
  {%- set readings = ['try_cast(' ~ plain ~ ' as timestamp)'] -%}
  {%- do readings.append(dbt_segmentation._seg_utc(dbt_segmentation._seg_iso_text(expression, 'year first'))) -%}
  {%- for digits, unit in ((10, 's'), (13, 'ms'), (16, 'us')) -%}
    {%- set epoch = dbt_segmentation.seg_regexp_extract(expression, '^[1-6][0-9]{' ~ (digits - 1) ~ '}(?:[.][0-9]+)?$') -%}
    {%- do readings.append(dbt_segmentation.seg_epoch_time(epoch, unit)) -%}
  {%- endfor -%}
  {%- do readings.append(dbt_segmentation._seg_utc(dbt_segmentation._seg_iso_text(expression, 'year first, swapped'))) -%}
  {%- do readings.append(dbt_segmentation._seg_one_of_two(
    dbt_segmentation._seg_utc(dbt_segmentation._seg_iso_text(expression, 'day first')),
    dbt_segmentation._seg_utc(dbt_segmentation._seg_iso_text(expression, 'month first'))
  )) -%}
  {#- a zone by name is looked up in the engine's own tables -#}
  {%- set named = dbt_segmentation.seg_regexp_extract(
    expression, '^' ~ year ~ '-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]+)? [A-Z][A-Za-z]+/[A-Za-z_/-]+$'
  ) -%}
  {%- do readings.append(dbt_segmentation.seg_zoned_text_to_utc(named)) -%}
  {{ return('coalesce(\n            ' ~ readings | join(',\n            ') ~ '\n        )') }}
{% endmacro %}


{#- A date in some order, with or without a time, as year-month-day and the rest. Texts in another order stay as they are,
    and _seg_utc and seg_read_date refuse them. -#}
{% macro _seg_iso_text(expression, order) %}
  {%- set rest = '([T ].*)?$' -%}
  {%- set by_year, by_year_last = '^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})' ~ rest, '^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})' ~ rest -%}
  {%- if order == 'year first' -%}
    {%- set digits = dbt_segmentation.seg_regexp_replace(expression, '^([0-9]{4})([0-9]{2})([0-9]{2})$', '\\1-\\2-\\3') -%}
    {{ return(dbt_segmentation.seg_regexp_replace(digits, by_year, '\\1-\\2-\\3\\4')) }}
  {%- elif order == 'year first, swapped' -%}
    {{ return(dbt_segmentation.seg_regexp_replace(expression, by_year, '\\1-\\3-\\2\\4')) }}
  {%- elif order == 'day first' -%}
    {{ return(dbt_segmentation.seg_regexp_replace(expression, by_year_last, '\\3-\\2-\\1\\4')) }}
  {%- endif -%}
  {{ return(dbt_segmentation.seg_regexp_replace(expression, by_year_last, '\\3-\\1-\\2\\4')) }}
{% endmacro %}


{#- year-month-day[ time[ zone]] as a timestamp in UTC. What has no zone gets +00, because a cast without one would either
    ignore the zone of others or take that of the session. -#}
{% macro _seg_utc(expression) %}
  {%- set year = dbt_segmentation._seg_year() -%}
  {%- set zone = '[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?' -%}
  {%- set text = namespace(sql=expression ~ " || '+00'") -%}
  {%- for pattern, replacement in [
    ('(?:\\[[A-Za-z_/-]+\\])?\\+00$', '+00'),
    (' ?(?:Z|z|UTC|GMT)\\+00$', '+00'),
    ('(:[0-9]{2}(?:[.,][0-9]+)?) ?(' ~ zone ~ ')\\+00$', '\\1\\2'),
    ('^([0-9-]{8,10})\\+00$', '\\1 00:00:00+00'),
    ('^([0-9-]{8,10})[T ]+([0-9]{1,2}:[0-9]{2})(' ~ zone ~ ')$', '\\1 \\2:00\\3'),
    ('^([0-9-]{8,10})[T ]+([0-9]{1,2}:[0-9]{2}:[0-9]{2}),([0-9]+' ~ zone ~ ')$', '\\1 \\2.\\3'),
  ] -%}
    {%- set text.sql = dbt_segmentation.seg_regexp_replace(text.sql, pattern, replacement) -%}
  {%- endfor -%}
  {%- set readable = dbt_segmentation.seg_regexp_extract(
    text.sql, '^' ~ year ~ '-[0-9]{1,2}-[0-9]{1,2}[T ]+[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]+)?' ~ zone ~ '$'
  ) -%}
  {{ return(dbt_segmentation.seg_zoned_text_to_utc(readable)) }}
{% endmacro %}


{#- The one reading that is possible, or, where both are, the one that seg_date_order names; else null. -#}
{% macro _seg_one_of_two(day_first, month_first) %}
  {%- set order = dbt_segmentation.seg_var('seg_date_order') -%}
  {%- if order -%}
    {{ return('coalesce(' ~ (day_first ~ ', ' ~ month_first if order == 'dmy' else month_first ~ ', ' ~ day_first) ~ ')') }}
  {%- endif -%}
  {{ return(
    'case when coalesce(' ~ day_first ~ ' = ' ~ month_first ~ ', true) then coalesce(' ~ day_first ~ ', ' ~ month_first ~ ') end'
  ) }}
{% endmacro %}


{#- The pattern of a year that can be one: 1900 to 2200. Infinite times, year 9999 and years before Christ fall out here. -#}
{% macro _seg_year() %}
  {{ return('(?:19[0-9]{2}|2[01][0-9]{2}|2200)') }}
{% endmacro %}
