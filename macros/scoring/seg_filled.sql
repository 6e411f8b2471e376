{#- Steps that fill gaps in scaled coordinates, as CTEs that end in `filled`, from a CTE `scaled` that has customer_id,
    snapshot_date and each coordinate, null where missing. Iterative: linear forms of the others, applied three times, as Python
    does. By prototype: that of the nearest one in the known coordinates. -#}
{% macro seg_filled(model) -%}
  {%- set number, names = dbt_segmentation.seg_number, model.coordinates -%}
  {%- set is_linear = model.imputation.values() | selectattr('(intercept)', 'defined') | list | length > 0 -%}
  constants as (

    select
        customer_id,
        snapshot_date
        {%- for name in names %},
        {{ name }} as {{ name }}__known,
        coalesce({{ name }}, ({{ number(model.preprocess[name].impute) }} - {{ number(model.preprocess[name].center) }}) / {{ number(model.preprocess[name].scale) }}) as {{ name }}
        {%- endfor %}
    from scaled

),
  {% if is_linear %}
  {%- for step in range(3) %}
pass_{{ step + 1 }} as (

    select
        customer_id,
        snapshot_date
        {%- for name in names %},
        {{ name }}__known,
        {%- set form = model.imputation.get(name) %}
        {%- if form %}
        {%- set others = {} %}
        {%- for other in names if other in form %}{% do others.update({other: form[other]}) %}{% endfor %}
        coalesce({{ name }}__known, {{ number(form['(intercept)']) }} + {{ dbt_segmentation.seg_linear_form(others) }}) as {{ name }}
        {%- else %}
        {{ name }}
        {%- endif %}
        {%- endfor %}
    from {{ 'constants' if step == 0 else 'pass_' ~ step }}

),
  {%- endfor %}
filled as (

    select * from pass_3

)
  {%- else %}
  {%- set prototypes = (model.imputation.values() | first).keys() | sort %}
apart as (

    -- squared distance to each prototype in what is known: the unknown part is the same for all of them
    select
        *
        {%- for prototype in prototypes %},
        {% for name in names -%}
            coalesce(({{ name }}__known - {{ number(model.imputation[name][prototype]) }}) * ({{ name }}__known - {{ number(model.imputation[name][prototype]) }}), 0){{ ' + ' if not loop.last }}
        {%- endfor %} as apart_{{ loop.index }}
        {%- endfor %}
    from constants

),

nearest_apart as (

    select
        *,
        least({% for prototype in prototypes %}apart_{{ loop.index }}, {% endfor %}apart_1) as least_apart
    from apart

),

filled as (

    select
        customer_id,
        snapshot_date
        {%- for name in names %},
        case
            when {{ name }}__known is not null then {{ name }}__known
            {%- for prototype in prototypes %}
            when apart_{{ loop.index }} = least_apart then {{ number(model.imputation[name][prototype]) }}
            {%- endfor %}
        end as {{ name }}
        {%- endfor %}
    from nearest_apart

)
  {%- endif %}
{%- endmacro %}
