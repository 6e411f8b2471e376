{#- The name of the column that holds the largest of several counts, of equals the first in the list; null where all are zero or missing. -#}
{% macro seg_largest(names, prefix='') -%}
  {%- set columns = [] -%}
  {%- for name in names -%}{%- do columns.append('coalesce(' ~ prefix ~ name ~ ', 0)') -%}{%- endfor -%}
  {%- set largest = 'greatest(' ~ columns | join(', ') ~ ')' -%}
  case
            when {{ largest }} = 0 then null
            {%- for name in names %}
            when {{ columns[loop.index0] }} = {{ largest }} then '{{ name }}'
            {%- endfor %}
        end
{%- endmacro %}
