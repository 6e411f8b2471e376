{#- An e-mail address in lower case, or null where it is none. Taken off: 'mailto:' with what follows a ?, a name around
    <angle brackets>, and points, commas or semicolons at the end. Valid is local@domain of RFC 5321 without quotes: 64
    ASCII characters before the @ at most, 253 behind it, no two points together, a domain with a point.
    Points and +tags before the @ stay: that Gmail ignores them is Gmail's rule, elsewhere they are two people's mailboxes,
    and a wrong merge is worse than a missed one. -#}
{% macro seg_email(expression) %}
  {%- set text = namespace(sql='lower(' ~ expression ~ ')') -%}
  {%- for pattern, replacement in [
    ('^[^<>]*<([^<>]*)>[^<>]*$', '\\1'), ('^[ ]*mailto:[ ]*([^?]*)(?:[?].*)?$', '\\1'), ('[ .,;]+$', ''), ('^[ ]+', ''),
  ] -%}
    {%- set text.sql = dbt_segmentation.seg_regexp_replace(text.sql, pattern, replacement) -%}
  {%- endfor -%}
  {%- set atom, label = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+", '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?' -%}
  {%- set short = dbt_segmentation.seg_regexp_extract(text.sql, '^[^@]{1,64}@[^@]{4,253}$') -%}
  {%- set valid = dbt_segmentation.seg_regexp_extract(
    short, '^' ~ atom ~ '(?:[.]' ~ atom ~ ')*@(?:' ~ label ~ '[.])+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$'
  ) -%}
  {{ return("nullif(" ~ valid ~ ", '')") }}
{% endmacro %}
