{#- The steps that are counted in a column of their own; any other is a row of int_seg__customer_label_days. Those that most events are of:
    a row for each would be as long as the events. -#}
{% macro seg_steps() %}
  {{ return([
    'event_add_to_cart', 'event_add_to_wishlist', 'event_begin_checkout', 'event_checkout_step', 'event_click', 'event_content_view',
    'event_form_submit', 'event_login', 'event_page_view', 'event_promotion', 'event_purchase', 'event_remove_from_cart', 'event_search',
    'event_video_play', 'event_view_cart', 'event_view_item', 'event_view_item_list',
  ]) }}
{% endmacro %}
