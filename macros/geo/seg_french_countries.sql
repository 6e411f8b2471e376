{#- Country codes whose postal codes are French: France and its inhabited overseas territories, as a list of SQL literals. -#}
{% macro seg_french_countries() -%}
  ('FR', 'GP', 'MQ', 'GF', 'RE', 'PM', 'YT', 'BL', 'MF', 'WF', 'PF', 'NC')
{%- endmacro %}
