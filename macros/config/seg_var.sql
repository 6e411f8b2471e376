{#- A var of this package, or its demo value where the demo runs and nobody set the var.
    Consumers never get demo values: the root project must be this one and the target must be called demo. -#}
{% macro seg_var(name) %}
  {%- set value = var(name, none) -%}
  {%- set demo = dbt_segmentation._seg_demo_values() -%}
  {%- if name in demo and dbt_segmentation.seg_is_demo() and value == dbt_segmentation._seg_demo_defaults().get(name) -%}
    {{ return(demo[name]) }}
  {%- endif -%}
  {{ return(value) }}
{% endmacro %}


{% macro _seg_demo_values() %}
  {{ return({
    'seg_customers_relation': 'ref:seg_sample_customers',
    'seg_orders_relation': 'ref:seg_sample_orders',
    'seg_order_lines_relation': 'ref:seg_sample_order_lines',
    'seg_campaign_touches_relation': 'ref:seg_sample_campaign_touches',
    'seg_default_consent': 'granted',
    'seg_categories': ['bakery', 'beauty', 'garden', 'grocery'],
    'seg_min_segment_size': 8,
    'seg_k_max': 5,
    'seg_drift_min_rows': 8,
  }) }}
{% endmacro %}


{#- The package default that a demo value replaces, where that default is not null. -#}
{% macro _seg_demo_defaults() %}
  {{ return({'seg_categories': [], 'seg_min_segment_size': 50, 'seg_k_max': 10, 'seg_drift_min_rows': 50}) }}
{% endmacro %}
