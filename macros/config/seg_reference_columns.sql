{#- The lists that people may edit: per list its columns, each with its type. A list that a var names has all of them. -#}
{% macro seg_reference_columns() %}
  {{ return({
    'category_map': {'input': 'string', 'field': 'string', 'from_value': 'string', 'to_value': 'string'},
    'codebook': {'theme': 'string', 'term': 'string'},
    'event_taxonomy': {'event_name': 'string', 'category': 'string'},
    'flows': {
      'input': 'string', 'owner': 'string', 'update_frequency': 'string', 'allowed_age_days': 'integer', 'stop_age_days': 'integer',
      'how_to_correct': 'string',
    },
    'business_ranges': {
      'input': 'string', 'field': 'string', 'minimum': 'double', 'maximum': 'double', 'share_allowed': 'double', 'severity': 'string',
      'how_to_correct': 'string',
    },
    'credible_counts': {
      'level': 'string', 'name': 'string', 'minimum': 'double', 'maximum': 'double', 'severity': 'string', 'how_to_correct': 'string',
    },
    'quality_limits': {
      'metric': 'string', 'input': 'string', 'field': 'string', 'warn': 'double', 'stop': 'double', 'min_rows': 'integer',
      'how_to_correct': 'string',
    },
    'segment_overrides': {
      'target': 'string', 'target_key': 'string', 'field': 'string', 'value': 'string', 'author': 'string', 'decided_on': 'string',
      'reason': 'string',
    },
    'population_margins': {'dimension': 'string', 'category': 'string', 'share': 'double'},
  }) }}
{% endmacro %}
