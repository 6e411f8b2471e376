{#- A number as people and programs write it, as plain text with a decimal point; empty or null where it has no reading, or
    two. Read: a decimal comma; thousands apart by blanks, apostrophes, dots or commas; a sign in front or behind, or round
    brackets (negative); a currency sign or code at either end, which is dropped and not believed; 1e3.
    '1.234' is 1.234: a point is a decimal point, as in every file a program writes. '1,234' has two readings and none is
    taken, unless `mark` says which: comma or point (see seg_decimal_mark). Not numbers: inf, nan, 0x1a, 1_000. -#}
{% macro seg_decimal_text(expression, mark=none) %}
  {%- set currency = '(?:€|\\$|£|¥|[Ee][Uu][Rr][Oo]?[Ss]?|[Uu][Ss][Dd]|[Gg][Bb][Pp]|[Cc][Hh][Ff]|[Cc][Aa][Dd]|[Jj][Pp][Yy])' -%}
  {%- set blank = '[ \\x{00a0}\\x{2009}\\x{202f}]' -%}
  {%- set steps = [
    ('^\\((?:' ~ currency ~ blank ~ '?)?([0-9][^()+-]*)\\)$', '-\\1'),
    ('^([+-]?)' ~ currency ~ blank ~ '?', '\\1'),
    (blank ~ '?' ~ currency ~ '([-]?)$', '\\1'),
    ('^([^+-]*)' ~ blank ~ '?-$', '-\\1'),
    ('^[\\x{2212}-]' ~ blank ~ '?([0-9.,])', '-\\1'),
    (dbt_segmentation._seg_groups("(?:" ~ blank ~ "|['\\x{2019}])", 1) ~ '([.,][0-9]*)?$', '\\1\\2\\3\\4\\5\\6'),
    (dbt_segmentation._seg_groups('\\.', 2) ~ '(?:(,)([0-9]*))?$', '\\1\\2\\3\\4\\5\\6\\7'),
    (dbt_segmentation._seg_groups('\\.', 1) ~ '(,)([0-9]*)$', '\\1\\2\\3\\4\\5\\6\\7'),
    (dbt_segmentation._seg_groups(',', 2) ~ '(\\.[0-9]*)?$', '\\1\\2\\3\\4\\5\\6'),
    (dbt_segmentation._seg_groups(',', 1) ~ '(\\.[0-9]*)$', '\\1\\2\\3\\4\\5\\6'),
  ] -%}
  {%- if mark == 'comma' -%}
    {%- do steps.append((dbt_segmentation._seg_groups('\\.', 1) ~ '$', '\\1\\2\\3\\4\\5')) -%}
    {%- do steps.append(('^([+-]?[0-9]*),([0-9]+)$', '\\1.\\2')) -%}
  {%- elif mark == 'point' -%}
    {%- do steps.append((dbt_segmentation._seg_groups(',', 1) ~ '$', '\\1\\2\\3\\4\\5')) -%}
  {%- endif -%}
  {#- one comma: a decimal comma where three digits behind it can't be thousands #}
  {%- do steps.append(('^([+-]?[0-9]*),([0-9]{1,2}|[0-9]{4,})$', '\\1.\\2')) -%}
  {%- do steps.append(('^([+-]?(?:0[0-9]*|[0-9]{4,})?),([0-9]{3})$', '\\1.\\2')) -%}
  {%- set text = namespace(sql=expression) -%}
  {%- for pattern, replacement in steps -%}
    {%- set text.sql = dbt_segmentation.seg_regexp_replace(text.sql, pattern, replacement) -%}
  {%- endfor -%}
  {{ return(dbt_segmentation.seg_regexp_extract(text.sql, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$')) }}
{% endmacro %}


{#- The pattern of a sign, digits, and at least `least` groups of three behind `separator`: five groups in all, as \1 to \5. -#}
{% macro _seg_groups(separator, least) %}
  {%- set pattern = namespace(text='^([+-]?[0-9]{1,3})') -%}
  {%- for number in range(4) -%}
    {%- set group = separator ~ '([0-9]{3})' -%}
    {%- set pattern.text = pattern.text ~ (group if number < least else '(?:' ~ group ~ ')?') -%}
  {%- endfor -%}
  {{ return(pattern.text) }}
{% endmacro %}
