{#- Seconds (s), milliseconds (ms) or microseconds (us) since 1970, as text, as a timestamp in UTC; null where there are none. -#}
{% macro seg_epoch_time(text, unit) %}
  {%- set digits, factor = {'s': (6, ' * 1000000'), 'ms': (3, ' * 1000'), 'us': (1, '')}[unit] -%}
  {%- set microseconds = 'cast(' ~ dbt_segmentation.seg_try_cast(text, 'decimal(22, ' ~ digits ~ ')') ~ factor ~ ' as bigint)' -%}
  {{ return(adapter.dispatch('seg_epoch_time', 'dbt_segmentation')(microseconds)) }}
{% endmacro %}


{% macro default__seg_epoch_time(microseconds) %}
  {{ return('make_timestamp(' ~ microseconds ~ ')') }}
{% endmacro %}


{% macro spark__seg_epoch_time(microseconds) %}
  {{ return('timestamp_micros(' ~ microseconds ~ ')') }}
{% endmacro %}
