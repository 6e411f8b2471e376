{#- The affinity of one segment from those of its parts, columns `part_<segment>_<number>`: of several prototypes the nearest, of
    several components of a mixture the logarithm of their sum. Who is farther from everybody than the noise distance belongs to
    the segment that has it. -#}
{% macro seg_segment_affinity(model, segment) -%}
  {%- set labels, noise = dbt_segmentation.seg_parts(model, segment), model.segment[segment].get('noise_distance') -%}
  {%- set parts = [] -%}
  {%- for label in labels -%}
    {%- do parts.append('part_' ~ segment ~ '_' ~ loop.index) -%}
  {%- endfor -%}
  {%- if noise -%}
    (squared_norm - {{ dbt_segmentation.seg_number(noise) }} * {{ dbt_segmentation.seg_number(noise) }}) / 2
  {%- elif parts | length == 1 -%}
    {{ parts[0] }}
  {%- elif model.part -%}
    greatest({{ parts | join(', ') }}) + ln({% for part in parts %}exp({{ part }} - greatest({{ parts | join(', ') }})){{ ' + ' if not loop.last }}{% endfor %})
  {%- else -%}
    greatest({{ parts | join(', ') }})
  {%- endif -%}
{%- endmacro %}
