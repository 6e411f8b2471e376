{#- A text as a date; null where it has no reading, or two, or a year outside 1900 to 2200. Of a text with a time the day is
    taken as it is written: a birth date at midnight in Paris is not the day before. Seconds since 1970 fall on a day of
    seg_timezone. Forms as in seg_read_timestamp. -#}
{% macro seg_read_date(expression) %}
  {{ return(adapter.dispatch('seg_read_date', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{% macro default__seg_read_date(expression) %}
  {{ return(dbt_segmentation.seg_try_cast(expression, 'date')) }}
{% endmacro %}


{% macro duckdb__seg_read_date(expression) %}
  {{ return(dbt_segmentation._seg_date_readings(expression)) }}
{% endmacro %}


{% macro spark__seg_read_date(expression) %}
  {{ return(dbt_segmentation._seg_date_readings(expression)) }}
{% endmacro %}


{% macro _seg_date_readings(expression) %}
  {%- set year = dbt_segmentation._seg_year() -%}
  {%- set plain = dbt_segmentation.seg_regexp_extract(expression, '^' ~ year ~ '-[0-9]{2}-[0-9]{2}$') -%}
  {%- set readings = ['try_cast(' ~ plain ~ ' as date)'] -%}
  {%- set dated = {} -%}
  {%- for order in ('year first', 'year first, swapped', 'day first', 'month first') -%}
    {%- set text = dbt_segmentation.seg_regexp_replace(
      dbt_segmentation._seg_iso_text(expression, order), '[T ]+[0-9]{1,2}:[0-9]{2}[0-9:.,]*(?: ?(?:Z|z|UTC|GMT|[+-][0-9:]{2,5}|[A-Za-z]+/[A-Za-z_/-]+))?(?:\\[[A-Za-z_/-]+\\])?$', ''
    ) -%}
    {%- set readable = dbt_segmentation.seg_regexp_extract(text, '^' ~ year ~ '-[0-9]{1,2}-[0-9]{1,2}$') -%}
    {%- do dated.update({order: 'try_cast(' ~ readable ~ ' as date)'}) -%}
  {%- endfor -%}
  {%- do readings.append(dated['year first']) -%}
  {%- do readings.append(dated['year first, swapped']) -%}
  {%- do readings.append(dbt_segmentation._seg_one_of_two(dated['day first'], dated['month first'])) -%}
  {%- set epoch = dbt_segmentation.seg_regexp_extract(expression, '^[0-9.]{10,}$') -%}
  {%- do readings.append('cast(' ~ dbt_segmentation.seg_local_time(dbt_segmentation.seg_read_timestamp(epoch)) ~ ' as date)') -%}
  {{ return('coalesce(\n            ' ~ readings | join(',\n            ') ~ '\n        )') }}
{% endmacro %}
