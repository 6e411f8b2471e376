{#- The columns whose values are labels: per input, column -> what becomes of one that the seed seg_category_map does not name,
    lower (codes that are compared), as_is (names that are only shown), or category (see seg_label). -#}
{% macro seg_labels() %}
  {{ return({
    'customers': {
      'occupation': 'as_is', 'education': 'as_is', 'marital_status': 'as_is', 'income_band': 'as_is', 'age_band': 'as_is',
      'company_size': 'as_is', 'sector': 'as_is',
    },
    'orders': {'status': 'lower', 'channel': 'lower'},
    'order_lines': {'category': 'category', 'brand_type': 'lower'},
    'events': {'device': 'lower', 'network': 'lower', 'traffic_source': 'lower'},
    'campaign_touches': {'channel': 'lower', 'variant': 'lower', 'campaign_type': 'lower'},
    'social_engagements': {'network': 'lower', 'kind': 'lower', 'topic': 'as_is'},
    'support_tickets': {'topic': 'lower'},
    'consents': {'purpose': 'lower', 'status': 'lower'},
  }) }}
{% endmacro %}
