{#- The joins behind seg_label_columns, of the CTE `given` with stg_seg__category_map, once for each label. The view is joined
    by name and not through a CTE: DuckDB stores a CTE that is used twice, and then computes every column of the staging
    view for a query that wants one (fifty times the work for a customer's city). -#}
{% macro seg_label_joins(input) -%}
  {%- for name in dbt_segmentation.seg_labels()[input] %}
    left join {{ ref('stg_seg__category_map') }} as {{ name }}_map
        on
            {{ name }}_map.input = '{{ input }}'
            and {{ name }}_map.field = '{{ name }}'
            and {{ name }}_map.from_value = lower(given.{{ name }})
  {%- endfor %}
{%- endmacro %}
