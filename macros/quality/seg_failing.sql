{#- The rows of a singular test that tells in words what failed: `message` is a text column of `rows`, a query. dbt shows only
    how many rows failed; where the engine lets a query fail with a text of its own, the messages are shown instead. -#}
{% macro seg_failing(rows) %}
  {{ return(adapter.dispatch('seg_failing', 'dbt_segmentation')(rows)) }}
{% endmacro %}


{% macro default__seg_failing(rows) %}
  {{ return(rows) }}
{% endmacro %}


{% macro duckdb__seg_failing(rows) -%}
  {%- set told -%}
    select message
    from (
        select string_agg('seg: ' || message, chr(10) order by message) as message
        from ({{ rows }})
    )
    where message is not null and error(message) is null
  {%- endset -%}
  {{ return(told) }}
{%- endmacro %}
