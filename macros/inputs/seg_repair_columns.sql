{#- For each repaired column of an input three: <column>_repair (see seg_repair_of), <column>_before and <column>_after. -#}
{% macro seg_repair_columns(input) -%}
  {%- for column in dbt_segmentation.seg_repaired_columns(input) %}
        {{ dbt_segmentation.seg_repair_of(input, column) }} as {{ column }}_repair,
        {{ column }}_as_given as {{ column }}_before,
        cast({{ column }} as {{ dbt.type_string() }}) as {{ column }}_after{{ ',' if not loop.last }}
  {%- endfor %}
{%- endmacro %}
