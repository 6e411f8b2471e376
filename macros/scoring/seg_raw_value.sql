{#- What a coordinate starts from: the column itself, the indicator of a category, or the rank of ordered categories. A missing
    category is none of them, so its indicators are 0. -#}
{% macro seg_raw_value(model, name) -%}
  {%- set parameters, number = model.preprocess[name], dbt_segmentation.seg_number -%}
  {%- set column = parameters.get('source') or name -%}
  {%- set categories = model.category.get(name, {}) -%}
  {%- if column in model.absent -%}
    {%- set column = 'cast(null as ' ~ (dbt.type_string() if categories else dbt_segmentation.seg_type('double')) ~ ')' -%}
  {%- endif -%}
  {%- if not categories -%}
    {{ column }}
  {%- else -%}
    case
    {%- for rank, category in categories | dictsort %}
        when {{ column }} = {{ dbt.string_literal(dbt.escape_single_quotes(category)) }} then {{ number('1' if parameters.scaling == 'indicator' else loop.index0 | string) }}
    {%- endfor %}
    {%- if parameters.scaling == 'indicator' %} else {{ number('0') }}{% endif %} end
  {%- endif -%}
{%- endmacro %}
