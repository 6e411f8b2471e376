{#- Every input with the model that judges its rows, and the column that names a row of it. -#}
{% macro seg_checked_inputs() %}
  {%- set keys = {
    'customers': 'source_record_id', 'orders': 'order_id', 'order_lines': 'order_line_id', 'events': 'event_id',
    'campaign_touches': 'touch_id', 'social_engagements': 'engagement_id', 'survey_responses': 'response_id',
    'support_tickets': 'ticket_id', 'customer_attributes': 'attribute', 'consents': 'purpose',
    'erasure_requests': 'request_id', 'areas': 'area_code', 'places': 'place_id', 'calendar': 'day',
    'market_indicators': 'indicator', 'exchange_rates': 'currency',
  } -%}
  {%- set inputs = {} -%}
  {%- for input, key in keys.items() -%}
    {%- do inputs.update({input: {'model': 'int_seg__checked_' ~ input, 'key': key}}) -%}
  {%- endfor -%}
  {{ return(inputs) }}
{% endmacro %}
