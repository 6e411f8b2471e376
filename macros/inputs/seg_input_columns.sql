{#- The input contract: per input its columns in order, each with a type and whether it must be there.
    Types: string, timestamp, date, amount, double, integer, boolean. -#}
{% macro seg_input_columns() %}
  {%- set must = true -%}
  {{ return({
    'customers': {
      'source_system': ('string', must), 'source_record_id': ('string', must),
      'birth_date': ('date', false), 'age_band': ('string', false), 'gender': ('string', false),
      'postal_code': ('string', false), 'city': ('string', false), 'country_code': ('string', false),
      'occupation': ('string', false), 'education': ('string', false), 'marital_status': ('string', false),
      'household_size': ('integer', false), 'children_count': ('integer', false), 'income_band': ('string', false),
      'language': ('string', false), 'customer_type': ('string', false), 'company_size': ('string', false),
      'sector': ('string', false), 'created_at': ('timestamp', false), 'updated_at': ('timestamp', false),
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
    'campaign_touches': {
      'touch_id': ('string', must), 'campaign_id': ('string', must), 'source_system': ('string', must),
      'source_record_id': ('string', must), 'sent_at': ('timestamp', must), 'channel': ('string', false),
      'variant': ('string', false), 'campaign_type': ('string', false), 'opened_at': ('timestamp', false),
      'clicked_at': ('timestamp', false), 'converted_at': ('timestamp', false),
      'unsubscribed_at': ('timestamp', false), 'revenue': ('amount', false),
    },
    'consents': {
      'source_system': ('string', must), 'source_record_id': ('string', must), 'purpose': ('string', must),
      'status': ('string', must), 'recorded_at': ('timestamp', must),
    },
    'erasure_requests': {
      'request_id': ('string', must), 'source_system': ('string', must), 'source_record_id': ('string', must),
      'requested_at': ('timestamp', must),
    },
  }) }}
{% endmacro %}
