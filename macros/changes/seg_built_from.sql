{#- What features are built from, day by day: the days that each row of an input counts on. A row counts on a day if what it says
    of that day is read by a daily aggregate or by a feature; a visit counts from the day that told whose it was. Those that are
    `always` compared reach back further than seg_lookback_days: a person who leaves may take an item of a survey along. -#}
{% macro seg_built_from() %}
  {{ return({
    'orders': {'model': 'int_seg__orders', 'days': ['order_day']},
    'order_lines': {'model': 'int_seg__order_lines', 'days': ['order_day']},
    'events': {'model': 'int_seg__events', 'days': ['known_day']},
    'campaign_touches': {
      'model': 'int_seg__campaign_touches', 'days': ['sent_day', 'opened_day', 'clicked_day', 'converted_day', 'unsubscribed_day'],
    },
    'social_engagements': {'model': 'int_seg__social_engagements', 'days': ['known_day']},
    'survey_responses': {'model': 'int_seg__survey_responses', 'days': ['answered_day']},
    'calendar': {'model': 'int_seg__calendar', 'days': ['day']},
    'survey_items': {'model': 'int_seg__survey_items', 'days': ['first_answered_day'], 'always': true},
    'support_tickets': {'model': 'int_seg__support_tickets', 'days': ['opened_day', 'closed_day']},
  }) }}
{% endmacro %}
