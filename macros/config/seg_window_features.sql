{#- The features of the family trend that measure the same over several windows, by name: `measure`, what is measured; `days`, the length
    of the window, `life` for all of it or `decayed` for all of it with a weight that halves every seg_decay_half_life_days; and the
    input that it is made of. -#}
{% macro seg_window_features() %}
  {%- set features, lengths = {}, dbt_segmentation.seg_var('seg_feature_windows') -%}
  {#- what is no list of whole numbers is told by the config check, after parsing -#}
  {%- set lengths = lengths | select('integer') | unique | sort if lengths is sequence and lengths is not string else [] -%}
  {%- set measures = {
    'order_count': 'orders', 'revenue': 'orders', 'session_count': 'events', 'messages_sent': 'campaign_touches',
  } -%}
  {%- for measure, input in measures.items() -%}
    {%- for days in lengths -%}
      {%- do features.update({measure ~ '_' ~ days ~ 'd': {'measure': measure, 'days': days, 'input': input}}) -%}
    {%- endfor -%}
    {%- for days in ('life', 'decayed') -%}
      {%- do features.update({measure ~ '_' ~ days: {'measure': measure, 'days': days, 'input': input}}) -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(features) }}
{% endmacro %}
