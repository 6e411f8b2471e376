{#- The distance to a segment, from its affinity: Euclidean from the nearest prototype; for a mixture Mahalanobis', from the peak of
    the segment's density. -#}
{% macro seg_distance(model, segment_key, affinity) -%}
  {%- if model.part -%}
    sqrt(greatest(2 * (case {{ segment_key }}
        {%- for segment in model.segments %} when '{{ segment }}' then {{ dbt_segmentation.seg_number(model.segment[segment].peak) }}{% endfor %} end - {{ affinity }}), 0))
  {%- else -%}
    sqrt(greatest(squared_norm - 2 * {{ affinity }}, 0))
  {%- endif -%}
{%- endmacro %}
