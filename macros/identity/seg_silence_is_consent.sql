{#- Whether somebody without a statement may be profiled: only where there is no ledger and the user said granted for all. -#}
{% macro seg_silence_is_consent() %}
  {{ return(not dbt_segmentation.seg_var('seg_consents_relation') and dbt_segmentation.seg_var('seg_default_consent') == 'granted') }}
{% endmacro %}
