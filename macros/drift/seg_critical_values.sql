{#- Normal and Kolmogorov-Smirnov quantiles at seg_drift_alpha: the KS one is sqrt(-ln(alpha / 2) / 2) (Smirnov 1948). -#}
{% macro seg_critical_values() %}
  {{ return({
    '0.05': {'z': 1.644854, 'ks': 1.358102},
    '0.01': {'z': 2.326348, 'ks': 1.627624},
    '0.001': {'z': 3.090232, 'ks': 1.949475},
  }[dbt_segmentation.seg_var('seg_drift_alpha') | string]) }}
{% endmacro %}
