{#- A clipped value after the transform of its feature: none, log1p, Yeo and Johnson's power, or the rank between knots. The first two
    divide by the feature's unit; models of earlier versions have none. -#}
{% macro seg_transformed(model, name, clipped) -%}
  {%- set parameters, number = model.preprocess[name], dbt_segmentation.seg_number -%}
  {%- if parameters.get('unit') is not none -%}{%- set clipped = '(' ~ clipped ~ ' / ' ~ number(parameters.unit) ~ ')' -%}{%- endif -%}
  {%- if parameters.transform == 'log1p' -%}
    ln(1 + {{ clipped }})
  {%- elif parameters.transform == 'yeo_johnson' -%}
    {%- set exponent = parameters.exponent | float -%}
    {%- set power, rest = number(parameters.exponent | string), '(2 - ' ~ number(parameters.exponent | string) ~ ')' -%}
    case
        when {{ clipped }} >= 0 then {{ 'ln(1 + ' ~ clipped ~ ')' if exponent == 0 else '(power(1 + ' ~ clipped ~ ', ' ~ power ~ ') - 1) / ' ~ power }}
        when {{ clipped }} < 0 then {{ '-ln(1 - ' ~ clipped ~ ')' if exponent == 2 else '-(power(1 - ' ~ clipped ~ ', ' ~ rest ~ ') - 1) / ' ~ rest }}
    end
  {%- elif parameters.transform == 'rank' -%}
    {%- set knots = [] -%}
    {%- for component, value in model.knot[name] | dictsort if component.endswith(':value') -%}
      {%- do knots.append((value, model.knot[name][component.replace(':value', ':rank')])) -%}
    {%- endfor -%}
    case
        when {{ clipped }} <= {{ number(knots[0][0]) }} then {{ number(knots[0][1]) }}
    {%- for value, rank in knots[1:] %}
        {%- set before, rank_before = knots[loop.index0] %}
        when {{ clipped }} <= {{ number(value) }}
            then {{ number(rank_before) }} + ({{ clipped }} - {{ number(before) }}) * (({{ number(rank) }} - {{ number(rank_before) }}) / ({{ number(value) }} - {{ number(before) }}))
    {%- endfor %}
        when {{ clipped }} > {{ number(knots[-1][0]) }} then {{ number(knots[-1][1]) }}
    end
  {%- else -%}
    {{ clipped }}
  {%- endif -%}
{%- endmacro %}
