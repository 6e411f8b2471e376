{#- Runs at the start of every dbt command that executes: stops on the first batch of wrong `seg_` settings.
    dbt shows a macro the values of known vars and the names given with --vars; names in project files are checked
    by the command line (`dbt-segmentation check`). Every message starts with `seg config:`. -#}
{% macro seg_config_check() %}
  {%- set problems = dbt_segmentation._seg_unknown_vars() + dbt_segmentation._seg_bad_values() + dbt_segmentation._seg_conflicts() -%}
  {%- if execute and problems | length > 0 -%}
    {{ exceptions.raise_compiler_error('seg config: ' ~ problems | join('\nseg config: ')) }}
  {%- endif -%}
{% endmacro %}


{% macro _seg_unknown_vars() %}
  {%- set problems = [] -%}
  {%- set known = dbt_segmentation.seg_var_specs().keys() | list -%}
  {%- set given = invocation_args_dict.get('vars') or {} -%}
  {%- for name in given if given is mapping and name.startswith('seg_') and name not in known -%}
    {%- do problems.append("unknown var '" ~ name ~ "'. Did you mean '" ~ dbt_segmentation.seg_nearest_name(name, known) ~ "'?") -%}
  {%- endfor -%}
  {{ return(problems) }}
{% endmacro %}


{% macro _seg_bad_values() %}
  {%- set problems = [] -%}
  {%- for name, spec in dbt_segmentation.seg_var_specs().items() -%}
    {%- set problem = dbt_segmentation.seg_value_problem(dbt_segmentation.seg_var(name), spec) -%}
    {%- if problem -%}{%- do problems.append(name ~ ' ' ~ problem) -%}{%- endif -%}
  {%- endfor -%}
  {{ return(problems) }}
{% endmacro %}


{% macro _seg_conflicts() %}
  {%- set problems = [] -%}
  {%- if not dbt_segmentation.seg_var('seg_customers_relation') -%}
    {%- do problems.append("seg_customers_relation is not set. Name your customers table: 'schema.table' or 'ref:model'.") -%}
  {%- endif -%}
  {%- if not dbt_segmentation.seg_var('seg_orders_relation') and not dbt_segmentation.seg_var('seg_events_relation') -%}
    {%- do problems.append("neither seg_orders_relation nor seg_events_relation is set. Name your orders or events table: 'schema.table' or 'ref:model'.") -%}
  {%- endif -%}
  {%- if not dbt_segmentation.seg_var('seg_consents_relation') and not dbt_segmentation.seg_var('seg_default_consent') -%}
    {%- do problems.append("nobody's consent is known: give seg_consents_relation, or set seg_default_consent to 'granted' or 'denied' for everybody.") -%}
  {%- endif -%}
  {%- if dbt_segmentation.seg_var('seg_identity_rules') == 'fuzzy' and not dbt_segmentation.seg_has_python_models() -%}
    {%- do problems.append("seg_identity_rules is fuzzy, which takes Python models, and none run here (target type " ~ target.type ~ "). Set it to exact.") -%}
  {%- endif -%}
  {%- if dbt_segmentation.seg_var('seg_geocoder') and not dbt_segmentation.seg_has_python_models() -%}
    {%- do problems.append("seg_geocoder takes a Python model, and none run here (target type " ~ target.type ~ "). Set it to null, and give coordinates in your customers table.") -%}
  {%- endif -%}
  {%- if dbt_segmentation.seg_var('seg_population_margins_relation') and not dbt_segmentation.seg_can_rake() -%}
    {%- do problems.append("seg_population_margins_relation is set, and the fit can't be weighted on this engine (target type " ~ target.type ~ "). Set it to null.") -%}
  {%- endif -%}
  {%- set k_min, k_max = dbt_segmentation.seg_var('seg_k_min'), dbt_segmentation.seg_var('seg_k_max') -%}
  {%- if k_min is integer and k_max is integer and k_min > k_max -%}
    {%- do problems.append('seg_k_min (' ~ k_min ~ ') is larger than seg_k_max (' ~ k_max ~ '). Swap them.') -%}
  {%- endif -%}
  {%- set as_of = dbt_segmentation.seg_var('seg_as_of_date') -%}
  {%- if as_of and (as_of | string) > modules.datetime.datetime.now(modules.pytz.utc).strftime('%Y-%m-%d') -%}
    {%- do problems.append('seg_as_of_date (' ~ as_of ~ ') is in the future. Features cannot be built for a day that has not been.') -%}
  {%- endif -%}
  {%- if dbt_segmentation.seg_var('seg_timezone') not in modules.pytz.all_timezones -%}
    {%- do problems.append("seg_timezone '" ~ dbt_segmentation.seg_var('seg_timezone') ~ "' is not a time zone. Use a name like Europe/Paris, or UTC.") -%}
  {%- endif -%}
  {%- do problems.extend(dbt_segmentation._seg_feature_conflicts()) -%}
  {%- do problems.extend(dbt_segmentation._seg_fit_conflicts()) -%}
  {%- set columns = dbt_segmentation.seg_input_columns() -%}
  {%- set column_map = dbt_segmentation.seg_var('seg_column_map') -%}
  {%- for input, renames in (column_map.items() if column_map is mapping else []) -%}
    {%- if renames is not mapping -%}
      {%- do problems.append("seg_column_map." ~ input ~ " must map our column names to yours: {" ~ input ~ ": {ordered_at: created_ts}}.") -%}
    {%- elif input not in columns -%}
      {%- do problems.append("seg_column_map names an unknown input '" ~ input ~ "'. Did you mean '" ~ dbt_segmentation.seg_nearest_name(input, columns.keys() | list) ~ "'?") -%}
    {%- else -%}
      {%- for column, name in renames.items() if name is not string or not name.strip() -%}
        {%- do problems.append("seg_column_map." ~ input ~ "." ~ column ~ " is '" ~ name ~ "', and must be the name of a column of yours, as a text.") -%}
      {%- endfor -%}
      {%- for column in renames if column not in columns[input] -%}
        {%- do problems.append("seg_column_map." ~ input ~ " names an unknown column '" ~ column ~ "'. Did you mean '" ~ dbt_segmentation.seg_nearest_name(column, columns[input].keys() | list) ~ "'?") -%}
      {%- endfor -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(problems) }}
{% endmacro %}


{#- Categories and scales that give no feature name or the same one twice, and clustering features that do not exist. -#}
{% macro _seg_feature_conflicts() %}
  {%- set problems, chosen = [], dbt_segmentation.seg_var('seg_clustering_features') -%}
  {%- set named = {
    'seg_categories': (dbt_segmentation.seg_var('seg_categories'), dbt_segmentation.seg_category_feature),
    'seg_survey_scales': (dbt_segmentation.seg_var('seg_survey_scales'), dbt_segmentation.seg_scale_feature),
  } -%}
  {%- if not dbt_segmentation._seg_are_lists(['seg_clustering_features', 'seg_categories', 'seg_survey_scales']) -%}{{ return([]) }}{%- endif -%}
  {%- for setting, (values, feature_of) in named.items() -%}
    {%- set seen = {} -%}
    {%- for value in values -%}
      {%- set feature = feature_of(value) -%}
      {%- if feature.endswith('_') -%}
        {%- do problems.append(setting ~ ": '" ~ value ~ "' has no letter or digit (a-z, 0-9) to name a feature with. Map it to another name in your staging.") -%}
      {%- elif feature in seen -%}
        {%- do problems.append(setting ~ ": '" ~ seen[feature] ~ "' and '" ~ value ~ "' would both be the feature " ~ feature ~ ". Rename one in your staging.") -%}
      {%- endif -%}
      {%- do seen.update({feature: value}) -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- set disabled, windows = dbt_segmentation.seg_var('seg_disabled_families'), dbt_segmentation.seg_var('seg_feature_windows') -%}
  {%- if disabled is string or disabled is mapping or disabled is not sequence or windows is string or windows is not sequence -%}
    {{ return(problems) }}{#- _seg_bad_values() says so -#}
  {%- endif -%}
  {%- set families = dbt_segmentation.seg_feature_families(disabled=true) -%}
  {%- for name in disabled if name not in families -%}
    {%- do problems.append("seg_disabled_families: unknown family '" ~ name ~ "'. Did you mean '" ~ dbt_segmentation.seg_nearest_name(name | string, families.keys() | list) ~ "'?") -%}
  {%- endfor -%}
  {%- for days in windows if days is not integer or days is boolean or days < 1 or days > 3660 -%}
    {%- do problems.append("seg_feature_windows: '" ~ days ~ "' must be a whole number of days from 1 to 3660.") -%}
  {%- endfor -%}
  {%- set features = dbt_segmentation.seg_features().keys() | list -%}
  {%- if features | length == 0 or dbt_segmentation.seg_clustering_features() | length == 0 -%}
    {%- do problems.append("seg_disabled_families leaves no feature to make segments from. Keep rfm, or name others in seg_clustering_features.") -%}
  {%- endif -%}
  {%- set features = features + dbt_segmentation.seg_text_features().keys() | list -%}
  {%- for name in chosen if name not in features -%}
    {%- do problems.append("seg_clustering_features: unknown feature '" ~ name ~ "'. Did you mean '" ~ dbt_segmentation.seg_nearest_name(name | string, features) ~ "'?") -%}
  {%- endfor -%}
  {{ return(problems) }}
{% endmacro %}


{#- What a fit would refuse half-way through a build: a response that is no number, a known label of nobody, and overrides of nothing or with nothing. -#}
{% macro _seg_fit_conflicts() %}
  {%- set problems, response = [], dbt_segmentation.seg_var('seg_response') -%}
  {%- set overrides = dbt_segmentation.seg_var('seg_feature_overrides') -%}
  {%- set lists = ['seg_clustering_features', 'seg_categories', 'seg_survey_scales', 'seg_disabled_families', 'seg_feature_windows'] -%}
  {%- if not dbt_segmentation._seg_are_lists(lists) -%}{{ return([]) }}{%- endif -%}
  {%- set clustering, numbers = dbt_segmentation.seg_clustering_features(), dbt_segmentation.seg_features() -%}
  {%- if response is string and response not in numbers -%}
    {%- do problems.append("seg_response: '" ~ response ~ "' is not a numeric feature. Did you mean '" ~ dbt_segmentation.seg_nearest_name(response, numbers.keys() | list) ~ "'?") -%}
  {%- elif response and dbt_segmentation.seg_var('seg_feature_selection') != 'none' and clustering | reject('equalto', response) | list | length == 0 -%}
    {%- do problems.append("seg_clustering_features names nothing but the seg_response, '" ~ response ~ "', which is no feature when features are selected for it. Name others.") -%}
  {%- endif -%}
  {%- set label, labels = dbt_segmentation.seg_var('seg_known_label'), numbers.keys() | list + dbt_segmentation.seg_text_features().keys() | list -%}
  {%- if label is string and label not in labels and not dbt_segmentation.seg_var('seg_customer_attributes_relation') -%}
    {%- do problems.append("seg_known_label: '" ~ label ~ "' is not a feature. Did you mean '" ~ dbt_segmentation.seg_nearest_name(label, labels) ~ "'? For an attribute, give seg_customer_attributes_relation.") -%}
  {%- endif -%}
  {%- for feature, override in (overrides.items() if overrides is mapping else []) -%}
    {%- if override is not mapping -%}
      {%- do problems.append("seg_feature_overrides." ~ feature ~ " is '" ~ override ~ "', and must be a mapping: {" ~ feature ~ ": {transform: rank, weight: 2}}.") -%}
    {%- elif feature not in clustering -%}
      {%- do problems.append("seg_feature_overrides: '" ~ feature ~ "' is not a feature that is clustered by. Did you mean '" ~ dbt_segmentation.seg_nearest_name(feature | string, clustering) ~ "'?") -%}
    {%- else -%}
      {%- do problems.extend(dbt_segmentation._seg_override_problems(feature, override, feature in numbers)) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(problems) }}
{% endmacro %}


{% macro _seg_override_problems(feature, override, is_number) %}
  {%- set problems, vars = [], dbt_segmentation.seg_var_specs() -%}
  {%- set specs = {
    'transform': vars.seg_transformation,
    'scaling': vars.seg_scaling,
    'weight': {'kind': 'number', 'max': 1000000},
    'order': {'kind': 'list'},
  } -%}
  {%- for name, value in override.items() -%}
    {%- set told = 'seg_feature_overrides.' ~ feature ~ '.' ~ name -%}
    {%- if name not in specs -%}
      {%- do problems.append(told ~ " is unknown. Did you mean '" ~ dbt_segmentation.seg_nearest_name(name | string, specs.keys() | list) ~ "'?") -%}
    {%- else -%}
      {%- set problem = dbt_segmentation.seg_value_problem(value, specs[name]) -%}
      {%- if problem -%}
        {%- do problems.append(told ~ ' ' ~ problem) -%}
      {%- elif name == 'weight' and value <= 0 -%}
        {%- do problems.append(told ~ ' is ' ~ value ~ ', and must be more than 0.') -%}
      {%- elif name == 'order' and is_number -%}
        {%- do problems.append(told ~ ' is for categories, and ' ~ feature ~ ' holds numbers. Leave it out.') -%}
      {%- elif name == 'order' and (value | length < 2 or value | map('string') | unique | list | length < value | length) -%}
        {%- do problems.append(told ~ ' must list two or more different categories, lowest first.') -%}
      {%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(problems) }}
{% endmacro %}


{#- Whether each of these settings is a list: what looks into them waits until it is, and _seg_bad_values() says what is wrong. -#}
{% macro _seg_are_lists(settings) %}
  {%- for setting in settings -%}
    {%- set value = dbt_segmentation.seg_var(setting) -%}
    {%- if value is string or value is mapping or value is not sequence -%}{{ return(false) }}{%- endif -%}
  {%- endfor -%}
  {{ return(true) }}
{% endmacro %}
