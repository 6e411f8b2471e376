{#- Whether this run compares, and tells anew, a row of int_seg__built_days. `row`: what its columns begin with, `built.` for example. -#}
{% macro seg_is_compared(row, compared_from) %}
  {%- set always = [] -%}
  {%- for input, about in dbt_segmentation.seg_built_from().items() if about.always -%}{%- do always.append("'" ~ input ~ "'") -%}{%- endfor -%}
  {{ return('(' ~ row ~ 'day >= ' ~ compared_from ~ ' or ' ~ row ~ 'input in (' ~ always | join(', ') ~ '))') }}
{% endmacro %}
