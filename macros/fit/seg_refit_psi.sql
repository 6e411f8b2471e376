{#- PSI from which a feature counts as drifted for a refit: the customary 'significant shift' (Siddiqi 2006). -#}
{% macro seg_refit_psi() %}
  {{ return(0.25) }}
{% endmacro %}
