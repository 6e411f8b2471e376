{#- The numeric features of the wide table, in order: family, whether clustering uses it unless told otherwise, and with `zero`
    those that are zero for a customer of whom the input says nothing. Names, units and texts for people are in the
    seed seg_feature_catalogue. -#}
{% macro seg_features() %}
  {%- set features = {
    'recency_days': {'family': 'rfm', 'clustering': true},
    'tenure_days': {'family': 'rfm', 'clustering': false},
    'order_count': {'family': 'rfm', 'clustering': true},
    'revenue': {'family': 'rfm', 'clustering': true},
    'average_order_value': {'family': 'rfm', 'clustering': true},
    'purchase_gap_days': {'family': 'rfm', 'clustering': false},
    'purchase_gap_variation': {'family': 'rfm', 'clustering': false},
    'recency_score': {'family': 'rfm', 'clustering': false, 'ranked': true},
    'frequency_score': {'family': 'rfm', 'clustering': false, 'ranked': true},
    'monetary_score': {'family': 'rfm', 'clustering': false, 'ranked': true},
    'basket_lines': {'family': 'purchase', 'clustering': true},
    'category_count': {'family': 'category', 'clustering': true},
    'category_concentration': {'family': 'category', 'clustering': true},
    'discount_share': {'family': 'purchase', 'clustering': true},
    'coupon_order_share': {'family': 'purchase', 'clustering': false},
    'private_label_share': {'family': 'purchase', 'clustering': true},
    'weekend_share': {'family': 'purchase', 'clustering': false},
    'morning_share': {'family': 'purchase', 'clustering': false},
    'evening_share': {'family': 'purchase', 'clustering': false},
    'messages_sent': {'family': 'campaign', 'clustering': false, 'zero': true},
    'messages_converted': {'family': 'campaign', 'clustering': false, 'zero': true},
    'message_response_rate': {'family': 'campaign', 'clustering': false},
    'session_recency_days': {'family': 'journey', 'clustering': false},
    'session_count': {'family': 'journey', 'clustering': false, 'zero': true},
    'session_depth': {'family': 'journey', 'clustering': false},
    'session_dwell_seconds': {'family': 'journey', 'clustering': false},
    'bounce_share': {'family': 'journey', 'clustering': false},
    'item_session_share': {'family': 'journey', 'clustering': false},
    'cart_session_share': {'family': 'journey', 'clustering': false},
    'checkout_session_share': {'family': 'journey', 'clustering': false},
    'purchase_session_share': {'family': 'journey', 'clustering': false},
    'mobile_session_share': {'family': 'journey', 'clustering': false},
    'visit_to_order_days': {'family': 'journey', 'clustering': false},
    'search_count': {'family': 'intent', 'clustering': false, 'zero': true},
    'item_view_count': {'family': 'intent', 'clustering': false, 'zero': true},
    'promotion_view_count': {'family': 'intent', 'clustering': false, 'zero': true},
    'wishlist_count': {'family': 'intent', 'clustering': false, 'zero': true},
    'abandoned_cart_count': {'family': 'intent', 'clustering': false, 'zero': true},
    'cart_abandonment_share': {'family': 'intent', 'clustering': false},
    'ticket_count': {'family': 'support', 'clustering': false, 'zero': true},
    'open_ticket_count': {'family': 'support', 'clustering': false, 'zero': true},
    'ticket_days': {'family': 'support', 'clustering': false},
    'ticket_satisfaction': {'family': 'support', 'clustering': false},
    'social_count': {'family': 'social', 'clustering': false, 'zero': true},
    'social_network_count': {'family': 'social', 'clustering': false, 'zero': true},
    'social_voice_share': {'family': 'social', 'clustering': false},
    'social_sentiment': {'family': 'social', 'clustering': false},
  } -%}
  {%- for feature in dbt_segmentation.seg_scale_features().values() -%}
    {%- do features.update({feature: {'family': 'psychographic', 'clustering': false}}) -%}
  {%- endfor -%}
  {%- for feature in dbt_segmentation.seg_category_features().values() -%}
    {%- do features.update({feature: {'family': 'category', 'clustering': false}}) -%}
  {%- endfor -%}
  {{ return(features) }}
{% endmacro %}
