{#- A label of an input: what seg_category_map says it is, else the label itself. Codes are in lower case. A product category
    is too, unless seg_categories names it: then it is spelt as there, because features are named and found by that. -#}
{% macro seg_label(input, column) -%}
  {%- set treatment = dbt_segmentation.seg_labels()[input][column] -%}
  {%- if treatment == 'category' -%}
  {%- set named = dbt_segmentation.seg_var('seg_categories') | map('string') | reject('lower') | list -%}
  {%- set plain = 'lower(coalesce(' ~ column ~ '_label, ' ~ column ~ '))' -%}
  {%- if named -%}
  case {{ plain }}
    {%- for category in named %}
            when {{ dbt.string_literal(dbt.escape_single_quotes(category | lower)) }} then {{ dbt.string_literal(dbt.escape_single_quotes(category)) }}
    {%- endfor %}
            else {{ plain }}
        end
  {%- else -%}
  {{ plain }}
  {%- endif -%}
  {%- else -%}
  coalesce({{ column }}_label, {{ 'lower(' ~ column ~ ')' if treatment == 'lower' else column }})
  {%- endif -%}
{%- endmacro %}
