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
    'seg_customers_relation': 'ref:seg_demo_customers',
    'seg_orders_relation': 'ref:seg_demo_orders',
    'seg_order_lines_relation': 'ref:seg_demo_order_lines',
    'seg_events_relation': 'ref:seg_demo_events',
    'seg_campaign_touches_relation': 'ref:seg_demo_campaign_touches',
    'seg_social_engagements_relation': 'ref:seg_demo_social_engagements',
    'seg_survey_responses_relation': 'ref:seg_demo_survey_responses',
    'seg_support_tickets_relation': 'ref:seg_demo_support_tickets',
    'seg_customer_attributes_relation': 'ref:seg_demo_customer_attributes',
    'seg_consents_relation': 'ref:seg_demo_consents',
    'seg_erasure_requests_relation': 'ref:seg_demo_erasure_requests',
    'seg_areas_relation': 'ref:seg_demo_areas',
    'seg_places_relation': 'ref:seg_demo_places',
    'seg_calendar_relation': 'ref:seg_demo_calendar',
    'seg_market_indicators_relation': 'ref:seg_demo_market_indicators',
    'seg_exchange_rates_relation': 'ref:seg_demo_exchange_rates',
    'seg_currency': 'EUR',
    'seg_timezone': 'Europe/Paris',
    'seg_categories': ['children', 'fragrance', 'garden', 'grocery', 'linen', 'professional', 'skincare', 'tableware'],
    'seg_survey_scales': ['brand_attachment', 'ecology', 'novelty', 'nps', 'price_sensitivity'],
  }) }}
{% endmacro %}


{#- The package default that a demo value replaces, where that default is not null. -#}
{% macro _seg_demo_defaults() %}
  {{ return({'seg_categories': [], 'seg_survey_scales': [], 'seg_timezone': 'UTC'}) }}
{% endmacro %}
