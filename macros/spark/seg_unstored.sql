{#- The materialization of what nobody may find stored: people in clear, before consent is judged. On Spark a view in the catalogue can't
    call functions of the session, so these are tables there while a run goes on; models with the tag seg_unstored are dropped at its end. -#}
{% macro seg_unstored() %}
  {{ return(adapter.dispatch('seg_unstored', 'dbt_segmentation')()) }}
{% endmacro %}


{% macro default__seg_unstored() %}
  {{ return('view') }}
{% endmacro %}


{% macro spark__seg_unstored() %}
  {{ return('table') }}
{% endmacro %}
