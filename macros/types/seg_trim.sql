{#- A text without white space at its ends, null where nothing is left. White space is more than blanks: tabs, line ends (a
    file from Windows leaves one behind each row), no-break blanks and the byte order mark. What stands inside is kept. -#}
{% macro seg_trim(expression) %}
  {{ return(adapter.dispatch('seg_trim', 'dbt_segmentation')(expression)) }}
{% endmacro %}


{% macro default__seg_trim(expression) %}
  {{ return("nullif(trim(" ~ expression ~ "), '')") }}
{% endmacro %}


{#- DuckDB's own trim takes blanks only, and with a list of characters it costs five times as much: so first a look whether there
    is anything to take off a plain ASCII text. The last five are no-break, thin and zero-width blanks and the byte order mark. -#}
{% macro duckdb__seg_trim(expression) %}
  {{ return(
    "nullif(case when " ~ dbt_segmentation.seg_matches(expression, '^[!-~](?:[ -~]*[!-~])?$') ~ " then " ~ expression
    ~ " else trim(" ~ expression ~ ", e' \\t\\n\\r" ~ "\u00a0\u2009\u202f\u200b\ufeff" ~ "') end, '')"
  ) }}
{% endmacro %}


{% macro spark__seg_trim(expression) %}
  {{ return("nullif(trim(both ' \\t\\n\\r" ~ "\u00a0\u2009\u202f\u200b\ufeff" ~ "' from " ~ expression ~ "), '')") }}
{% endmacro %}
