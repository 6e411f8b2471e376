{#- Runs at the start of a run: stops where the warehouse lacks the function that makes pseudonyms, and says what to do; and
    where the key is another one than before, because every customer would then be somebody new. -#}
{% macro seg_functions_check() %}
  {%- if execute and flags.WHICH in ('run', 'build', 'test') and flags.INTROSPECT -%}
    {{ return(adapter.dispatch('seg_functions_check', 'dbt_segmentation')()) }}
  {%- endif -%}
{% endmacro %}


{% macro default__seg_functions_check() %}
{% endmacro %}


{% macro duckdb__seg_functions_check() %}
  {%- set query = "select distinct function_name from duckdb_functions() where function_name in ('seg_hmac', 'seg_phone_e164')" -%}
  {%- set found = run_query(query).columns[0].values() -%}
  {%- if 'seg_phone_e164' not in found -%}
    {{ exceptions.raise_compiler_error(
      "seg config: the profile does not name this package's plugin. Add to the output in profiles.yml: plugins: [{module: dbt_segmentation.duckdb_plugin}]"
    ) }}
  {%- elif 'seg_hmac' not in found -%}
    {{ exceptions.raise_compiler_error(
      'seg config: ' ~ dbt_segmentation._seg_no_key()
    ) }}
  {%- endif -%}
  {%- do dbt_segmentation._seg_key_check() -%}
{% endmacro %}


{% macro spark__seg_functions_check() %}
  {%- set found = run_query("show user functions like 'seg_*'").columns[0].values() | join(' ') -%}
  {%- set zone = run_query('select current_timezone()').columns[0].values()[0] -%}
  {%- if 'seg_phone_e164' not in found or 'seg_strip_accents' not in found -%}
    {{ exceptions.raise_compiler_error(
      "seg config: this package's functions are not registered in the Spark session. Run `dbt-segmentation dbt build` in place of `dbt build`; "
      ~ "whoever starts dbt from Python calls dbt_segmentation.spark_session.register before."
    ) }}
  {%- elif 'seg_hmac' not in found -%}
    {{ exceptions.raise_compiler_error('seg config: ' ~ dbt_segmentation._seg_no_key()) }}
  {%- elif zone not in ('UTC', 'Etc/UTC', 'Z', '+00:00') -%}
    {{ exceptions.raise_compiler_error(
      "seg config: the Spark session's zone is " ~ zone ~ ", and must be UTC. Set spark.sql.session.timeZone: UTC among the profile's server_side_parameters."
    ) }}
  {%- endif -%}
  {%- do dbt_segmentation._seg_key_check() -%}
{% endmacro %}


{% macro _seg_no_key() %}
  {{ return(
    "there is no key for pseudonyms. Make one with `python -c \"import secrets; print(secrets.token_hex(32))\"`, keep it like a password, "
    ~ "and give it by the environment variable SEG_HMAC_KEY, or its file by SEG_HMAC_KEY_FILE."
  ) }}
{% endmacro %}


{#- Stops where the key is not the one of the run before. -#}
{% macro _seg_key_check() %}
  {%- set history = dbt_segmentation.seg_state_relation('int_seg__identity_history', {'key_check': dbt.type_string(), 'generation': dbt.type_int()}) -%}
  {%- set check = "select count(*) from " ~ history ~ " as h where h.generation = (select max(g.generation) from " ~ history
    ~ " as g) and h.key_check <> " ~ dbt_segmentation.seg_pseudonym(["'key check'"]) -%}
  {%- if run_query(check).columns[0].values()[0] > 0 -%}
    {{ exceptions.raise_compiler_error(
      "seg config: the key for pseudonyms is not the one of the run before: every customer_id would change, and history would be lost. "
      ~ "Give the former key back; to start anew on purpose, run with --full-refresh and the var seg_allow_full_refresh: true."
    ) }}
  {%- endif -%}
{% endmacro %}
