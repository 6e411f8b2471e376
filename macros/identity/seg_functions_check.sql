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
      "seg config: there is no key for pseudonyms. Make one with `python -c \"import secrets; print(secrets.token_hex(32))\"`, keep it like a password, "
      ~ "and give it by the environment variable SEG_HMAC_KEY, or its file by SEG_HMAC_KEY_FILE."
    ) }}
  {%- endif -%}
  {%- set history = dbt_segmentation.seg_state_relation('int_seg__identity_history', {'key_check': 'varchar', 'generation': 'integer'}) -%}
  {%- set check = "select count(*) from " ~ history ~ " as h where h.generation = (select max(g.generation) from " ~ history
    ~ " as g) and h.key_check <> " ~ dbt_segmentation.seg_pseudonym(["'key check'"]) -%}
  {%- if run_query(check).columns[0].values()[0] > 0 -%}
    {{ exceptions.raise_compiler_error(
      "seg config: the key for pseudonyms is not the one of the run before: every customer_id would change, and history would be lost. "
      ~ "Give the former key back; to start anew on purpose, run with --full-refresh and the var seg_allow_full_refresh: true."
    ) }}
  {%- endif -%}
{% endmacro %}
