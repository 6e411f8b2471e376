{#- The candidate with the smallest edit distance (Levenshtein 1966) to a mistyped name. -#}
{% macro seg_nearest_name(name, candidates) %}
  {%- set best = namespace(name=none, distance=none) -%}
  {%- for candidate in candidates | sort -%}
    {%- set distance = dbt_segmentation._seg_edit_distance(name, candidate) -%}
    {%- if best.name is none or distance < best.distance -%}
      {%- set best.name = candidate -%}
      {%- set best.distance = distance -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(best.name) }}
{% endmacro %}


{% macro _seg_edit_distance(a, b) %}
  {%- set rows = namespace(previous=range(b | length + 1) | list) -%}
  {%- for i in range(a | length) -%}
    {%- set current = [i + 1] -%}
    {%- for j in range(b | length) -%}
      {%- set replaced = rows.previous[j] + (0 if a[i] == b[j] else 1) -%}
      {%- do current.append([rows.previous[j + 1] + 1, current[j] + 1, replaced] | min) -%}
    {%- endfor -%}
    {%- set rows.previous = current -%}
  {%- endfor -%}
  {{ return(rows.previous[-1]) }}
{% endmacro %}
