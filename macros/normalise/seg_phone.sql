{#- A telephone number in the form of ITU-T E.164, or null where it is none. A number without + is read in the national form of
    `country` (ISO 3166-1 alpha-2), or of seg_default_country where that is null. -#}
{% macro seg_phone(number, country) %}
  {%- set default = dbt_segmentation.seg_var('seg_default_country') -%}
  {%- set home = 'coalesce(' ~ country ~ ", '" ~ default ~ "')" if default else country -%}
  {{ return(adapter.dispatch('seg_phone', 'dbt_segmentation')(number, home)) }}
{% endmacro %}


{#- Without a library of numbering plans only what is written internationally is known to be a number. -#}
{% macro default__seg_phone(number, country) %}
  {%- set digits = dbt_segmentation.seg_regexp_replace(number, '[^0-9+]', '') -%}
  {{ return("nullif(" ~ dbt_segmentation.seg_regexp_extract(digits, '^[+][1-9][0-9]{6,14}$') ~ ", '')") }}
{% endmacro %}


{#- A function that the plugin dbt_segmentation.duckdb_plugin registers: phone_e164 in phones.py. -#}
{% macro duckdb__seg_phone(number, country) %}
  {{ return('seg_phone_e164(' ~ number ~ ', ' ~ country ~ ')') }}
{% endmacro %}


{#- The same function, registered in the session: see spark_session.py. -#}
{% macro spark__seg_phone(number, country) %}
  {{ return('seg_phone_e164(' ~ number ~ ', ' ~ country ~ ')') }}
{% endmacro %}
