{#- An address without its query and fragment: they hold search terms, session numbers and, too often, e-mail addresses. -#}
{% macro seg_page(url) %}
  {%- set without_query = dbt.split_part(string_text=url, delimiter_text="'?'", part_number=1) -%}
  {%- set page = dbt.split_part(string_text=without_query, delimiter_text="'#'", part_number=1) -%}
  {{ return(modules.re.sub('\\s+', ' ', page) | trim) }}
{% endmacro %}
