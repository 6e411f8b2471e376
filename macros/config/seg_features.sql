{#- The numeric features of the wide table, in order: family, and whether clustering uses it unless told otherwise.
    Names, units and texts for people are in the seed seg_feature_catalogue. -#}
{% macro seg_features() %}
  {%- set features = {
    'recency_days': {'family': 'rfm', 'clustering': true},
    'tenure_days': {'family': 'rfm', 'clustering': false},
    'order_count': {'family': 'rfm', 'clustering': true},
    'revenue': {'family': 'rfm', 'clustering': true},
    'average_order_value': {'family': 'rfm', 'clustering': true},
    'purchase_gap_days': {'family': 'rfm', 'clustering': false},
    'purchase_gap_variation': {'family': 'rfm', 'clustering': false},
    'basket_lines': {'family': 'purchase', 'clustering': true},
    'category_count': {'family': 'category', 'clustering': true},
    'category_concentration': {'family': 'category', 'clustering': true},
    'discount_share': {'family': 'purchase', 'clustering': true},
    'coupon_order_share': {'family': 'purchase', 'clustering': false},
    'private_label_share': {'family': 'purchase', 'clustering': true},
    'weekend_share': {'family': 'purchase', 'clustering': false},
    'morning_share': {'family': 'purchase', 'clustering': false},
    'evening_share': {'family': 'purchase', 'clustering': false},
    'messages_sent': {'family': 'campaign', 'clustering': false},
    'messages_converted': {'family': 'campaign', 'clustering': false},
    'message_response_rate': {'family': 'campaign', 'clustering': false},
  } -%}
  {%- for feature in dbt_segmentation.seg_category_features().values() -%}
    {%- do features.update({feature: {'family': 'category', 'clustering': false}}) -%}
  {%- endfor -%}
  {{ return(features) }}
{% endmacro %}
