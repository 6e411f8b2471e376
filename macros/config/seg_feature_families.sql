{#- The families of features: the model that holds each, and the input that it is made of. -#}
{% macro seg_feature_families() %}
  {{ return({
    'rfm': {'model': 'int_seg__features_rfm', 'input': 'orders'},
    'purchase': {'model': 'int_seg__features_purchase', 'input': 'orders'},
    'category': {'model': 'int_seg__features_category', 'input': 'order_lines'},
    'campaign': {'model': 'int_seg__features_campaign', 'input': 'campaign_touches'},
    'journey': {'model': 'int_seg__features_journey', 'input': 'events'},
    'intent': {'model': 'int_seg__features_intent', 'input': 'events'},
    'support': {'model': 'int_seg__features_support', 'input': 'support_tickets'},
    'social': {'model': 'int_seg__features_social', 'input': 'social_engagements'},
    'psychographic': {'model': 'int_seg__features_psychographic', 'input': 'survey_responses'},
  }) }}
{% endmacro %}
