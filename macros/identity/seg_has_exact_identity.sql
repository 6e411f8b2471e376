{#- Whether records are one person by equal keys alone, in SQL, and not by Python models. -#}
{% macro seg_has_exact_identity() %}
  {{ return(dbt_segmentation.seg_var('seg_identity_rules') == 'exact') }}
{% endmacro %}
