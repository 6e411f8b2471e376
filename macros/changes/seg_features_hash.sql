{#- A hash of everything in the project that decides what features are, besides the rows they are built from: the models that build
    them and those that they are built from, and the package's macros, as they are written; the settings that they read; which columns
    the inputs have; and the engine's dialect. -#}
{% macro seg_features_hash() %}
  {%- set parts = [target.type] -%}
  {%- for name in dbt_segmentation.seg_var_specs() if not name.endswith('_relation') and name not in dbt_segmentation._seg_not_of_features() -%}
    {%- do parts.append(name ~ '=' ~ tojson(dbt_segmentation.seg_var(name))) -%}
  {%- endfor -%}
  {%- if execute -%}
    {%- for node in graph.nodes.values() if node.package_name == 'dbt_segmentation' and node.resource_type == 'model' -%}
      {%- if node.original_file_path.split('/')[1] in ['staging', 'identity', 'enrichment', 'features', 'changes'] -%}
        {%- do parts.append(node.name ~ '=' ~ node.checksum.checksum) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- for name, generator in dbt_segmentation.items() -%}
      {%- if generator.macro.original_file_path.split('/')[1] not in dbt_segmentation._seg_folders_not_of_features() -%}
        {%- do parts.append(name ~ '=' ~ local_md5(generator.macro.macro_sql)) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endif -%}
  {#- whether an input, or a column of it, is given decides between zero and not known -#}
  {%- for input in dbt_segmentation.seg_input_columns() -%}
    {%- for column in dbt_segmentation.seg_given_columns(input) -%}
      {%- do parts.append(input ~ '.' ~ column) -%}
    {%- endfor -%}
  {%- endfor -%}
  {#- rows that had not arrived may be of any day -#}
  {%- for input in dbt_segmentation.seg_input_columns() if dbt_segmentation.seg_var('seg_known_on') -%}
    {%- if dbt_segmentation._seg_loaded_at(input) is not none -%}
      {%- do parts.append(input ~ ' known on ' ~ dbt_segmentation.seg_var('seg_known_on')) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(local_md5(parts | sort | join('|'))) }}
{% endmacro %}


{#- Folders of macros that no feature depends on. A folder that is not listed here counts. -#}
{% macro _seg_folders_not_of_features() %}
  {{ return(['drift', 'fit', 'generic', 'quality', 'scoring']) }}
{% endmacro %}


{#- Settings that no feature depends on: changing one builds nothing anew. A setting that is not listed here counts. -#}
{% macro _seg_not_of_features() %}
  {{ return([
    'seg_as_of_date', 'seg_known_on', 'seg_snapshot_count', 'seg_lookback_days', 'seg_reconcile', 'seg_refit', 'seg_refit_after_days', 'seg_require_approval', 'seg_promotion', 'seg_max_renamed_share', 'seg_max_quality_loss',
    'seg_fit_sample_size',
    'seg_algorithm', 'seg_n_segments', 'seg_k_min', 'seg_k_max', 'seg_min_segment_size', 'seg_levels', 'seg_level_rule', 'seg_min_sub_segment_size', 'seg_min_micro_segment_size', 'seg_random_state', 'seg_max_weight',
    'seg_clustering_features', 'seg_allow_full_refresh', 'seg_borderline_margin', 'seg_drift_min_rows', 'seg_drift_alpha',
    'seg_drift_psi', 'seg_drift_ks', 'seg_drift_wasserstein', 'seg_drift_missing', 'seg_report_sample_size', 'seg_evidently', 'seg_publish_dir',
    'seg_reports_dir', 'seg_language', 'seg_geocoder', 'seg_geocoder_quota', 'seg_feature_overrides', 'seg_transformation', 'seg_scaling',
    'seg_winsor_limits', 'seg_min_coverage', 'seg_max_correlation', 'seg_skew_limit', 'seg_pca_variance', 'seg_references', 'seg_known_label',
    'seg_imputation', 'seg_reduction', 'seg_rotation', 'seg_feature_selection', 'seg_response', 'seg_noise', 'seg_merge_segments',
    'seg_bootstraps', 'seg_choice_weights', 'seg_stability_min', 'seg_structure_min', 'seg_agreement_min', 'seg_hysteresis',
  ]) }}
{% endmacro %}
