{#- The number of the reference bin that a value falls into: how many edges lie below it; -1 for a missing value. -#}
{% macro seg_bin(feature, edges) -%}
  case
            when {{ feature }} is null then -1
            {%- if edges %}
            else {% for edge in edges -%}
                case when {{ feature }} > {{ dbt_segmentation.seg_number(edge) }} then 1 else 0 end{{ ' + ' if not loop.last }}
            {%- endfor %}
            {%- else %}
            else 0
            {%- endif %}
        end
{%- endmacro %}
