{#- Whether the engine can weight the fit to population margins. -#}
{% macro seg_can_rake() %}
  {{ return(adapter.dispatch('seg_can_rake', 'dbt_segmentation')()) }}
{% endmacro %}


{% macro default__seg_can_rake() %}
  {{ return(true) }}
{% endmacro %}


{#- sixty windows one in the other end Spark's analyser with an overflow of its stack -#}
{% macro spark__seg_can_rake() %}
  {{ return(false) }}
{% endmacro %}
