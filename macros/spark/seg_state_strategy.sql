{#- Spark's tables of Parquet know neither delete nor update. What is remembered is there written anew by partitions: a run selects what it
    adds and what stays (seg_remembered_...), and overwrites the partitions; those of which nothing stays are dropped afterwards
    (seg_drop_partitions). Elsewhere the strategy is the one that is given. -#}
{% macro seg_state_strategy(strategy) %}
  {{ return(adapter.dispatch('seg_state_strategy', 'dbt_segmentation')(strategy)) }}
{% endmacro %}


{% macro default__seg_state_strategy(strategy) %}
  {{ return(strategy) }}
{% endmacro %}


{% macro spark__seg_state_strategy(strategy) %}
  {{ return('insert_overwrite') }}
{% endmacro %}
