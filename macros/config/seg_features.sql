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


{#- The features whose drift is watched: all but tenure, which grows by itself. -#}
{% macro seg_monitored_features() %}
  {{ return(dbt_segmentation.seg_features().keys() | reject('equalto', 'tenure_days') | list) }}
{% endmacro %}


{#- category name -> feature name, for the categories that seg_categories names. -#}
{% macro seg_category_features() %}
  {%- set features = {} -%}
  {%- for category in dbt_segmentation.seg_var('seg_categories') -%}
    {%- do features.update({category: dbt_segmentation.seg_category_feature(category)}) -%}
  {%- endfor -%}
  {{ return(features) }}
{% endmacro %}


{% macro seg_category_feature(category) %}
  {{ return('share_' ~ modules.re.sub('[^a-z0-9]+', '_', category | string | lower).strip('_')) }}
{% endmacro %}


{#- The features that a fit clusters on: the user's list, or the default. -#}
{% macro seg_clustering_features() %}
  {%- set chosen = dbt_segmentation.seg_var('seg_clustering_features') -%}
  {%- if chosen -%}{{ return(chosen | sort) }}{%- endif -%}
  {%- set names = [] -%}
  {%- for name, feature in dbt_segmentation.seg_features().items() if feature.clustering -%}
    {%- do names.append(name) -%}
  {%- endfor -%}
  {{ return(names | sort) }}
{% endmacro %}
