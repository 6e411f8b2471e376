{#- The events that tools send by themselves, as a list in SQL: they tell nothing of what the visitor did. -#}
{% macro seg_automatic_events() %}
  {{ return(
    "('event_session_start', 'event_first_visit', 'event_engagement', 'event_notification', 'event_error', 'event_cart_abandoned')"
  ) }}
{% endmacro %}
