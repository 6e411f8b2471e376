{#- The causes into which a change of share is split, each a column. -#}
{% macro seg_share_causes() %}
  {{ return(['joiners', 'leavers', 'movers', 'refit', 'overrides', 'late_data', 'identity_merges']) }}
{% endmacro %}
