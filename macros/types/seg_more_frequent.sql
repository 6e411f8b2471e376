{#- Of two labels, each with how often it was met, the one met more often; of equals the first by name. -#}
{% macro seg_more_frequent(label, times, other_label, other_times) -%}
  case
            when {{ label }} is null then {{ other_label }}
            when {{ other_times }} > {{ times }} then {{ other_label }}
            when {{ other_times }} = {{ times }} and {{ other_label }} < {{ label }} then {{ other_label }}
            else {{ label }}
        end
{%- endmacro %}
