{#- One end of the 95 % score interval of a rate (Wilson 1927): side -1 is the lower end, 1 the upper one. -#}
{% macro seg_wilson(successes, trials, side) -%}
  {%- set double = dbt_segmentation.seg_type('double') -%}
  {%- set z = 1.959963984540054 -%}
  {%- set n = 'cast(' ~ trials ~ ' as ' ~ double ~ ')' -%}
  {%- set p = '(cast(' ~ successes ~ ' as ' ~ double ~ ') / nullif(' ~ n ~ ', 0))' -%}
  {%- set bound = '(' ~ p ~ ' + ' ~ z * z / 2 ~ ' / ' ~ n ~ (' + ' if side > 0 else ' - ') ~ z
    ~ ' * sqrt(' ~ p ~ ' * (1 - ' ~ p ~ ') / ' ~ n ~ ' + ' ~ z * z / 4 ~ ' / (' ~ n ~ ' * ' ~ n ~ '))) / (1 + ' ~ z * z ~ ' / ' ~ n ~ ')' -%}
  least(greatest({{ bound }}, 0), 1)
{%- endmacro %}
