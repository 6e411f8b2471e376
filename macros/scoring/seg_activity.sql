{#- The sum of everything that is counted of a customer's behaviour in the windows of a snapshot. More of it at a later telling of the same snapshot
    means that rows came late; as much with another segment, that rows were corrected. -#}
{% macro seg_activity(relation) -%}
  {%- set counts = [] -%}
  {%- for name, about in dbt_segmentation.seg_features().items() if name == 'order_count' or (about.zero and about.family != 'trend') -%}
    {%- do counts.append('coalesce(' ~ relation ~ '.' ~ name ~ ', 0)') -%}
  {%- endfor -%}
  cast({{ counts | join(' + ') or '0' }} as {{ dbt_segmentation.seg_type('double') }})
{%- endmacro %}
