{#- The devices that visits are counted by in a column of their own; any other is a row of int_seg__customer_label_days. -#}
{% macro seg_devices() %}
  {{ return(['desktop', 'mobile', 'tablet']) }}
{% endmacro %}
