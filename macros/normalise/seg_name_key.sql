{#- The match form of a first or last name: seg_match_text without titles, and with particles joined to the word behind them,
    because people write d'Ornano, D ORNANO and Dornano, de La Tour and Delatour, Le Goff and Legoff. The two parts of
    Jean-Pierre are two words, as in Jean Pierre: a hyphen says nothing that a blank does not, and Jean alone is another name.
    First and last names get the same form, so that swapped ones can be recognised. -#}
{% macro seg_name_key(expression) %}
  {%- set titles = 'm|mr|mrs|ms|miss|mme|mlle|mle|dr|pr|prof|docteur|professeur|monsieur|madame|mademoiselle|herr|frau|sir|mgr' -%}
  {%- set particles = 'd|l|o|de|du|des|del|della|di|da|do|dos|das|la|le|les|los|von|van|vom|zu|zur|der|den|ter|ten|el|al|bin|ben|ibn|mc|mac' -%}
  {%- set bare = dbt_segmentation.seg_regexp_replace(dbt_segmentation.seg_match_text(expression), '^(?:(?:' ~ titles ~ ') )+', '') -%}
  {{ return(dbt_segmentation.seg_regexp_replace(bare, '\\b(' ~ particles ~ ') ', '\\1')) }}
{% endmacro %}
