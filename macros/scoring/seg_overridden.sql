{#- A segment after what people decided: the customer's pin, else the model's; and what that is merged into. See seg_override_joins. -#}
{% macro seg_overridden(segment_key, name) -%}
  coalesce({{ name }}_merge.value, {{ name }}_pin.value, {{ segment_key }})
{%- endmacro %}
