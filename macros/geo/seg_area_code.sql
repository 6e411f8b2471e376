{#- A code of an area in upper case, with the leading zero that a spreadsheet took from a French one. -#}
{% macro seg_area_code(code, level) -%}
  {%- set plain = 'upper(trim(' ~ code ~ '))' -%}
  case
            when {{ level }} in ('commune', 'postal_code') and length({{ plain }}) = 4 then {{ dbt.concat(["'0'", plain]) }}
            when {{ level }} = 'department' and length({{ plain }}) = 1 then {{ dbt.concat(["'0'", plain]) }}
            else {{ plain }}
        end
{%- endmacro %}
