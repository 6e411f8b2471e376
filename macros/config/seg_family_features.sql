{#- What each family tells: `counts` (numbers that are zero for a customer of whom the input says nothing), `numbers`, `flags` (0 or 1) and
    `categories` (texts). Names, units, natures and texts for people are in the seed seg_feature_catalogue. Features that settings
    name, such as share_<category>, are added in seg_features. -#}
{% macro seg_family_features() %}
  {{ return({
    'rfm': {'numbers': [
      'recency_days', 'tenure_days', 'order_count', 'revenue', 'average_order_value', 'purchase_gap_days', 'purchase_gap_variation',
      'recency_score', 'frequency_score', 'monetary_score',
    ]},
    'purchase': {'numbers': [
      'basket_lines', 'basket_units', 'unit_price', 'discount_share', 'discounted_order_share', 'discount_sensitivity', 'coupon_order_share',
      'refund_share', 'returned_order_share', 'returned_line_share', 'private_label_share', 'weekend_share', 'morning_share', 'evening_share',
    ]},
    'category': {'numbers': ['category_count', 'category_concentration'], 'categories': ['favourite_category']},
    'trend': {'numbers': ['spend_growth']},
    'campaign': {
      'counts': ['messages_sent', 'messages_clicked', 'messages_converted', 'messages_unsubscribed'],
      'numbers': ['messages_opened', 'message_open_rate', 'message_click_rate', 'message_response_rate'],
    },
    'journey': {
      'counts': ['session_count'],
      'numbers': [
        'session_recency_days', 'session_depth', 'session_dwell_seconds', 'bounce_share', 'item_session_share', 'cart_session_share',
        'checkout_session_share', 'purchase_session_share', 'funnel_depth', 'item_drop_share', 'cart_drop_share', 'checkout_drop_share',
        'mobile_session_share', 'visit_to_order_days',
      ],
      'categories': ['first_step', 'last_step', 'most_used_step', 'furthest_step'],
    },
    'intent': {
      'counts': ['search_count', 'item_view_count', 'promotion_view_count', 'wishlist_count', 'abandoned_cart_count'],
      'numbers': ['cart_abandonment_share'],
    },
    'usage': {
      'counts': ['login_count', 'active_day_count', 'step_kind_count'],
      'numbers': ['acts_per_active_day', 'usage_days', 'login_recency_days'],
    },
    'channel': {
      'numbers': ['channel_count', 'channel_switch_share', 'store_order_share', 'assisted_order_share'],
      'categories': ['first_channel', 'last_channel'],
    },
    'contextual': {
      'numbers': [
        'weekend_contact_share', 'night_contact_share', 'public_holiday_share', 'school_holiday_share', 'local_event_share',
      ],
      'categories': [
        'favourite_hours', 'favourite_weekday', 'favourite_season', 'favourite_weather', 'favourite_device', 'favourite_network',
      ],
    },
    'support': {'counts': ['ticket_count', 'open_ticket_count'], 'numbers': ['ticket_days', 'ticket_satisfaction']},
    'social': {'counts': ['social_count', 'social_network_count'], 'numbers': ['social_voice_share', 'social_sentiment']},
    'psychographic': {},
    'demographic': {
      'numbers': ['household_size', 'children_count'],
      'flags': ['has_children'],
      'categories': ['age_band', 'gender', 'language', 'occupation', 'education', 'marital_status'],
    },
    'organisation': {'flags': ['is_company'], 'categories': ['company_size', 'sector']},
    'geographic': {
      'numbers': ['density', 'distance_to_centre_km', 'median_income', 'mean_income', 'unemployment_rate'],
      'categories': ['urban_class', 'region', 'country_code', 'income_band'],
    },
  }) }}
{% endmacro %}
