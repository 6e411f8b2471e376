{#- The families of features that are on: the model that holds each, the input that it is made of, and whether it is told once per
    customer (`static`: as known now) and not per snapshot. `disabled` gives all of them, also those in seg_disabled_families. -#}
{% macro seg_feature_families(disabled=false) %}
  {%- set inputs = {
    'rfm': 'orders',
    'purchase': 'orders',
    'category': 'order_lines',
    'trend': 'orders',
    'campaign': 'campaign_touches',
    'journey': 'events',
    'intent': 'events',
    'usage': 'events',
    'channel': 'orders',
    'contextual': 'orders',
    'support': 'support_tickets',
    'social': 'social_engagements',
    'psychographic': 'survey_responses',
    'demographic': 'customers',
    'organisation': 'customers',
    'geographic': 'customers',
  } -%}
  {%- set families, off = {}, dbt_segmentation.seg_var('seg_disabled_families') -%}
  {#- what is no list is told by the config check, after parsing -#}
  {%- set off = off if off is sequence else [] -%}
  {%- for family, input in inputs.items() if disabled or family not in off -%}
    {%- do families.update({family: {
      'model': 'int_seg__features_' ~ family, 'input': input, 'static': family in ('demographic', 'organisation', 'geographic'),
    }}) -%}
  {%- endfor -%}
  {{ return(families) }}
{% endmacro %}
