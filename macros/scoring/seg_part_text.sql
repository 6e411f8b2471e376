{#- What a part of a segment is called beside its whole: the features that set it apart, or its number where there are none, null where it has no
    siblings. From the CTEs of dim_seg__segments: `latest`, `told_traits`, and `trait_1` and `trait_2` of the feature catalogue. -#}
{% macro seg_part_text(language) -%}
  {%- set text = [] -%}
  {#- the features may have gone since -#}
  {%- for traits in ([1, 2], [1], [2]) -%}
    {%- set known, pieces = [], [] -%}
    {%- for number in traits -%}
      {%- do known.append('trait_%d.feature is not null' % number) -%}
      {%- set between = ', ' if pieces else '' -%}
      {%- do pieces.append("case when told_traits.trait_%d_difference > 0 then '%s↑ ' else '%s↓ ' end" % (number, between, between)) -%}
      {%- do pieces.append('trait_%d.label_%s' % (number, language)) -%}
    {%- endfor -%}
    {%- do text.append('when ' ~ known | join(' and ') ~ ' then ' ~ dbt.concat(pieces)) -%}
  {%- endfor -%}
  {%- set number = "case when latest.level = 'sub_segment' then " ~ dbt_segmentation.seg_split_part('latest.segment_key', "'.'", 2)
    ~ ' else ' ~ dbt_segmentation.seg_split_part('latest.segment_key', "'.'", 3) ~ ' end' -%}
  {%- set part = {'en': "'part '", 'fr': "'partie '"}[language] -%}
  {{ return('case ' ~ text | join(' ') ~ ' when latest.siblings > 1 then ' ~ dbt.concat([part, number]) ~ ' end') }}
{%- endmacro %}
