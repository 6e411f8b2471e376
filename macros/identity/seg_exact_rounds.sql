{#- How many rounds of closure seg_identity_rules: exact takes. A chain of records in which each shares another key with the next needs
    as many as it is long; in the demo two are enough. -#}
{% macro seg_exact_rounds() %}
  {{ return(6) }}
{% endmacro %}
