{#- Joins behind seg_overridden: the pin of a customer and the merge of a segment that counted on a day. `usable` is was_usable for a day that
    has passed. -#}
{% macro seg_override_joins(customer_id, segment_key, day, name, usable='is_usable') -%}
  {%- set overrides = ref('int_seg__segment_overrides') -%}
  left join {{ overrides }} as {{ name }}_pin
        on
            {{ name }}_pin.target = 'customer'
            and {{ name }}_pin.{{ usable }}
            and {{ customer_id }} = {{ name }}_pin.target_key
            and {{ day }} >= {{ name }}_pin.valid_from
            and {{ day }} < coalesce({{ name }}_pin.valid_to, cast('9999-12-31' as date))
    left join {{ overrides }} as {{ name }}_merge
        on
            {{ name }}_merge.field = 'merged_into'
            and {{ name }}_merge.{{ usable }}
            and coalesce({{ name }}_pin.value, {{ segment_key }}) = {{ name }}_merge.target_key
            and {{ day }} >= {{ name }}_merge.valid_from
            and {{ day }} < coalesce({{ name }}_merge.valid_to, cast('9999-12-31' as date))
{%- endmacro %}
