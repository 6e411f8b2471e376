{#- The affinity of one part. Prototype: the linear form x . c - |c|^2 / 2; the largest one belongs to the nearest prototype, and
    |x - c|^2 = |x|^2 - 2 * affinity. Component of a mixture: the logarithm of weight times density, as squares of linear forms. -#}
{% macro seg_part_affinity(model, label) -%}
  {%- set number, part = dbt_segmentation.seg_number, model.part.get(label) -%}
  {%- if part -%}
    {{ number(part['(constant)']) }} - (
    {%- for row in part.keys() | reject('equalto', '(constant)') | sort %}
        {%- set weights = {} %}
        {%- for feature in model.features if label ~ ':' ~ row in model.factor.get(feature, {}) %}
            {%- do weights.update({feature: model.factor[feature][label ~ ':' ~ row]}) %}
        {%- endfor %}
        power({{ dbt_segmentation.seg_linear_form(weights) }} - {{ number(part[row]) }}, 2){{ ' + ' if not loop.last }}
    {%- endfor %}
    ) / 2
  {%- else -%}
    {%- set prototype = {} -%}
    {%- for feature in model.features -%}
      {%- do prototype.update({feature: model.prototype[feature][label]}) -%}
    {%- endfor -%}
    {{ dbt_segmentation.seg_affinity(model.features, prototype) }}
  {%- endif -%}
{%- endmacro %}
