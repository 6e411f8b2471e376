{#- The repairs that staging makes, as name -> whether each is listed in int_seg__repaired_values. Listed are those that took a
    decision about what a value means, or dropped it; the others only changed how it is written, and are counted. -#}
{% macro seg_repairs() %}
  {{ return({
    'dropped_invalid': true, 'decimal_mark': true, 'thousands': true, 'negative_sign': true, 'day_month_order': true,
    'lost_leading_zero': true, 'unwrapped': true, 'boolean_word': true, 'currency_sign': false,
    'date_format': false, 'zone_offset': false, 'epoch': false, 'spelling': false, 'letter_case': false, 'trimmed': false,
  }) }}
{% endmacro %}
