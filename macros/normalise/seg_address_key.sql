{#- The match form of a street address: seg_match_text with abbreviations spelt out (those of La Poste's address norm, NF Z
    10-011, and usual English ones) and repetition marks apart: 12bis, 12 B and 12 bis are one house. -#}
{% macro seg_address_key(expression) %}
  {%- set abbreviations = {
    'r': 'rue', 'av': 'avenue', 'ave': 'avenue', 'bd': 'boulevard', 'bld': 'boulevard', 'blvd': 'boulevard', 'boul': 'boulevard',
    'pl': 'place', 'che': 'chemin', 'chem': 'chemin', 'ch': 'chemin', 'rte': 'route', 'all': 'allee', 'allees': 'allee',
    'imp': 'impasse', 'sq': 'square', 'crs': 'cours', 'fg': 'faubourg', 'fbg': 'faubourg', 'fbourg': 'faubourg', 'qu': 'quai',
    'res': 'residence', 'bat': 'batiment', 'bt': 'batiment', 'apt': 'appartement', 'appt': 'appartement', 'esc': 'escalier',
    'etg': 'etage', 'lot': 'lotissement', 'pass': 'passage', 'rpt': 'rond point', 'ham': 'hameau', 'lieudit': 'lieu dit',
    'st': 'saint', 'ste': 'sainte', 'gal': 'general', 'gen': 'general', 'mal': 'marechal', 'pdt': 'president', 'dr': 'docteur',
    'pr': 'professeur', 'cdt': 'commandant', 'col': 'colonel', 'rd': 'road', 'ln': 'lane', 'sqr': 'square',
  } -%}
  {%- set words = dbt_segmentation.seg_match_text(expression) -%}
  {%- set apart = dbt_segmentation.seg_regexp_replace(words, '^([0-9]+)(bis|ter|quater|[btq])\\b', '\\1 \\2') -%}
  {%- set text = namespace(sql=apart) -%}
  {%- for pattern, replacement in [
    ('^(?:n|no|num|numero) ([0-9])', '\\1'), ('^([0-9]+) b ', '\\1 bis '), ('^([0-9]+) t ', '\\1 ter '), ('^([0-9]+) q ', '\\1 quater '),
  ] -%}
    {%- set text.sql = dbt_segmentation.seg_regexp_replace(text.sql, pattern, replacement) -%}
  {%- endfor -%}
  {{ return(dbt_segmentation.seg_replace_words(text.sql, abbreviations)) }}
{% endmacro %}
