{#- A language as its two letters of ISO 639-1, or null: fr, FR-fr, fr_FR, fra, French, français. -#}
{% macro seg_language(expression) %}
  {%- set codes = 'ar bg bn br ca co cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka ko lb lt lv mk mr ms mt nb nl'
    ~ ' nn no oc pa pl pt rm ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi wa yi zh' -%}
  {%- set words = {
    'fra': 'fr', 'fre': 'fr', 'french': 'fr', 'francais': 'fr', 'eng': 'en', 'english': 'en', 'anglais': 'en', 'deu': 'de', 'ger': 'de',
    'german': 'de', 'deutsch': 'de', 'allemand': 'de', 'spa': 'es', 'spanish': 'es', 'espanol': 'es', 'espagnol': 'es', 'ita': 'it',
    'italian': 'it', 'italiano': 'it', 'italien': 'it', 'nld': 'nl', 'dut': 'nl', 'dutch': 'nl', 'nederlands': 'nl', 'neerlandais': 'nl',
    'por': 'pt', 'portuguese': 'pt', 'portugues': 'pt', 'portugais': 'pt', 'ara': 'ar', 'arabic': 'ar', 'arabe': 'ar', 'pol': 'pl',
    'polish': 'pl', 'polski': 'pl', 'polonais': 'pl', 'rus': 'ru', 'russian': 'ru', 'russe': 'ru', 'zho': 'zh', 'chi': 'zh',
    'chinese': 'zh', 'chinois': 'zh', 'jpn': 'ja', 'japanese': 'ja', 'japonais': 'ja',
  } -%}
  {%- for code in codes.split(' ') -%}{%- do words.update({code: code}) -%}{%- endfor -%}
  {#- a region or script behind the language says nothing about it -#}
  {%- set word = dbt_segmentation.seg_regexp_replace(dbt_segmentation.seg_match_text(expression), '^([a-z]{2,3}) .*$', '\\1') -%}
  {{ return(dbt_segmentation.seg_lookup(word, words)) }}
{% endmacro %}
