{#- The input contract: per input its columns in order, each with a type and whether it must be there.
    Types: string, timestamp, date, amount, double, integer, boolean. Every input may also have `loaded_at`, last. -#}
{% macro seg_input_columns() %}
  {%- set must = true -%}
  {%- set inputs = {
    'customers': {
      'source_system': ('string', must), 'source_record_id': ('string', must), 'email': ('string', false),
      'phone': ('string', false), 'first_name': ('string', false), 'last_name': ('string', false),
      'birth_date': ('date', false), 'age_band': ('string', false), 'gender': ('string', false),
      'address': ('string', false), 'postal_code': ('string', false), 'city': ('string', false),
      'country_code': ('string', false), 'occupation': ('string', false), 'education': ('string', false),
      'marital_status': ('string', false), 'household_size': ('integer', false), 'children_count': ('integer', false),
      'income_band': ('string', false), 'language': ('string', false), 'latitude': ('double', false),
      'longitude': ('double', false), 'customer_type': ('string', false), 'company_name': ('string', false),
      'company_size': ('string', false), 'sector': ('string', false), 'created_at': ('timestamp', false),
      'updated_at': ('timestamp', false),
    },
    'orders': {
      'order_id': ('string', must), 'source_system': ('string', must), 'source_record_id': ('string', must),
      'ordered_at': ('timestamp', must), 'status': ('string', false), 'channel': ('string', false),
      'store_id': ('string', false), 'currency': ('string', false), 'gross_amount': ('amount', false),
      'discount_amount': ('amount', false), 'refund_amount': ('amount', false), 'net_amount': ('amount', false),
      'coupon_used': ('boolean', false),
    },
    'order_lines': {
      'order_line_id': ('string', must), 'order_id': ('string', must), 'product_id': ('string', false),
      'category': ('string', false), 'brand_type': ('string', false), 'quantity': ('double', false),
      'line_amount': ('amount', must), 'discount_amount': ('amount', false), 'cost_amount': ('amount', false),
    },
    'events': {
      'event_id': ('string', must), 'occurred_at': ('timestamp', must), 'event_name': ('string', must),
      'source_system': ('string', false), 'source_record_id': ('string', false), 'visitor_id': ('string', false),
      'session_id': ('string', false), 'page': ('string', false), 'search_term': ('string', false),
      'item_id': ('string', false), 'duration': ('double', false), 'duration_unit': ('string', false),
      'device': ('string', false), 'network': ('string', false), 'traffic_source': ('string', false),
      'country_code': ('string', false), 'received_at': ('timestamp', false), 'properties': ('string', false),
    },
    'campaign_touches': {
      'touch_id': ('string', must), 'campaign_id': ('string', must), 'source_system': ('string', must),
      'source_record_id': ('string', must), 'sent_at': ('timestamp', must), 'channel': ('string', false),
      'variant': ('string', false), 'campaign_type': ('string', false), 'opened_at': ('timestamp', false),
      'clicked_at': ('timestamp', false), 'converted_at': ('timestamp', false),
      'unsubscribed_at': ('timestamp', false), 'revenue': ('amount', false),
    },
    'social_engagements': {
      'engagement_id': ('string', must), 'network': ('string', must), 'kind': ('string', must),
      'occurred_at': ('timestamp', must), 'source_system': ('string', false), 'source_record_id': ('string', false),
      'handle': ('string', false), 'topic': ('string', false), 'sentiment': ('string', false),
    },
    'survey_responses': {
      'response_id': ('string', must), 'survey_id': ('string', must), 'question_id': ('string', must),
      'source_system': ('string', must), 'source_record_id': ('string', must), 'answered_at': ('timestamp', must),
      'score': ('double', false), 'scale_min': ('double', false), 'scale_max': ('double', false),
      'reversed': ('boolean', false), 'scale_name': ('string', false), 'answer_text': ('string', false),
    },
    'support_tickets': {
      'ticket_id': ('string', must), 'source_system': ('string', must), 'source_record_id': ('string', must),
      'opened_at': ('timestamp', must), 'closed_at': ('timestamp', false), 'topic': ('string', false),
      'satisfaction': ('double', false), 'text': ('string', false),
    },
    'customer_attributes': {
      'source_system': ('string', must), 'source_record_id': ('string', must), 'attribute': ('string', must),
      'value': ('string', must), 'observed_at': ('timestamp', must), 'provider': ('string', false),
    },
    'consents': {
      'source_system': ('string', must), 'source_record_id': ('string', must), 'purpose': ('string', must),
      'status': ('string', must), 'recorded_at': ('timestamp', must), 'legal_basis': ('string', false),
      'policy_version': ('string', false), 'origin': ('string', false),
    },
    'erasure_requests': {
      'request_id': ('string', must), 'source_system': ('string', must), 'source_record_id': ('string', must),
      'requested_at': ('timestamp', must),
    },
    'areas': {
      'area_code': ('string', must), 'area_level': ('string', must), 'name': ('string', false),
      'population': ('double', false), 'density': ('double', false), 'urban_class': ('string', false),
      'median_income': ('double', false), 'mean_income': ('double', false), 'unemployment_rate': ('double', false),
      'latitude': ('double', false), 'longitude': ('double', false),
    },
    'places': {
      'place_id': ('string', must), 'name': ('string', false), 'latitude': ('double', must),
      'longitude': ('double', must), 'weight': ('double', false),
    },
    'calendar': {
      'day': ('date', must), 'zone': ('string', must), 'is_public_holiday': ('boolean', false),
      'is_school_holiday': ('boolean', false), 'season': ('string', false), 'local_event': ('string', false),
      'weather': ('string', false),
    },
    'market_indicators': {
      'area_code': ('string', must), 'day': ('date', must), 'indicator': ('string', must), 'value': ('double', must),
    },
    'exchange_rates': {
      'currency': ('string', must), 'day': ('date', must), 'rate': ('double', must),
    },
  } -%}
  {%- for columns in inputs.values() -%}
    {%- do columns.update({'loaded_at': ('timestamp', false)}) -%}
  {%- endfor -%}
  {{ return(inputs) }}
{% endmacro %}
