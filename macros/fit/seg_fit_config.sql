{#- Everything but the sample that a fit depends on, as JSON: hashed into the fit key, and read by the Python model. -#}
{% macro seg_fit_config() %}
  {{ return(tojson({
    'algorithm': dbt_segmentation.seg_var('seg_algorithm'),
    'features': dbt_segmentation.seg_clustering_features(),
    'k_max': dbt_segmentation.seg_var('seg_k_max'),
    'k_min': dbt_segmentation.seg_var('seg_k_min'),
    'min_segment_size': dbt_segmentation.seg_var('seg_min_segment_size'),
    'n_segments': dbt_segmentation.seg_var('seg_n_segments'),
    'random_state': dbt_segmentation.seg_var('seg_random_state'),
    'sample_size': dbt_segmentation.seg_var('seg_fit_sample_size'),
    'snapshot_period': dbt_segmentation.seg_var('seg_snapshot_period'),
    'window_days': dbt_segmentation.seg_var('seg_window_days'),
  }, sort_keys=true)) }}
{% endmacro %}
