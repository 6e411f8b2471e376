{#- The text of a date, a time and a zone as a timestamp in UTC; null where it can't be read. -#}
{% macro seg_zoned_text_to_utc(text) %}
  {{ return(adapter.dispatch('seg_zoned_text_to_utc', 'dbt_segmentation')(text)) }}
{% endmacro %}


{% macro default__seg_zoned_text_to_utc(text) %}
  {{ return("try_cast(" ~ text ~ " as timestamptz) at time zone 'UTC'") }}
{% endmacro %}


{% macro spark__seg_zoned_text_to_utc(text) %}
  {{ return('try_cast(' ~ text ~ ' as timestamp)') }}
{% endmacro %}
