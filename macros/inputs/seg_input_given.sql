{#- The first select list of a staging model: every column of the contract under our name, as it was given. Texts are
    trimmed and empty ones null; a typed column that can be read as it is stays as it is; a column that is not there is a
    typed null. Source systems are in lower case, because ledgers written by other teams write them in another. E-mail addresses
    are taken out of what later tables store; contact data and what people wrote stay whole, and are stored nowhere. -#}
{% macro seg_input_given(input) %}
  {%- set parts, mapping = [], dbt_segmentation._seg_mapped_columns(input) -%}
  {%- set labels = dbt_segmentation.seg_labels().get(input, {}) -%}
  {%- set whole = [
    'email', 'phone', 'first_name', 'last_name', 'address', 'company_name', 'visitor_id', 'handle', 'properties', 'answer_text', 'text'
  ] -%}
  {%- set codes = ['email', 'phone', 'gender', 'language', 'customer_type', 'postal_code', 'country_code', 'currency', 'duration_unit'] -%}
  {%- for name, (type, must) in dbt_segmentation.seg_input_columns()[input].items() -%}
    {%- set column = mapping[name] -%}
    {%- set kind = dbt_segmentation._seg_given_kind(type, column) -%}
    {%- if kind == 'absent' -%}
      {%- set given = 'cast(null as ' ~ dbt_segmentation.seg_type(type) ~ ')' -%}
    {%- elif kind == 'text' -%}
      {%- set text = 'cast(' ~ column.name ~ ' as ' ~ dbt.type_string() ~ ')' -%}
      {%- set given = dbt_segmentation.seg_trim(text) if column.kind == 'text' else text -%}
    {%- else -%}
      {%- set given = column.name -%}
    {%- endif -%}
    {%- if kind == 'text' and name in labels -%}
      {%- set given = dbt_segmentation.seg_single_blanks(given) -%}
    {%- endif -%}
    {%- if kind == 'text' and (type != 'string' or name in codes) -%}
      {%- set given = dbt_segmentation._seg_not_endless(given) -%}
    {%- endif -%}
    {%- if kind == 'text' and type == 'string' and name not in whole -%}
      {%- set given = dbt_segmentation.seg_without_emails(given, is_id=name.endswith('_id')) -%}
    {%- endif -%}
    {%- do parts.append(('lower(' ~ given ~ ')' if name == 'source_system' else given) ~ ' as ' ~ name) -%}
  {%- endfor -%}
  {{ return(parts | join(',\n        ')) }}
{% endmacro %}


{#- What a column holds after seg_input_given: absent, text, or the kind that the user's table has where it suits the type. -#}
{% macro _seg_given_kind(type, column) %}
  {%- if column is none -%}{{ return('absent') }}{%- endif -%}
  {%- set suited = {
    'timestamp': ['timestamp', 'zoned', 'date'], 'date': ['timestamp', 'zoned', 'date'], 'boolean': ['boolean'],
    'amount': ['integer', 'number'], 'double': ['integer', 'number'], 'integer': ['integer', 'number'],
  }.get(type, []) -%}
  {{ return(column.kind if column.kind in suited else 'text') }}
{% endmacro %}


{#- A text that is read as a number, a date or a code, cut where it can't be one: each of a dozen patterns would copy the megabyte
    that somebody pasted there. The mark at its end keeps what is cut unreadable. -#}
{% macro _seg_not_endless(text) %}
  {{ return('case when length(' ~ text ~ ') > 1000 then ' ~ dbt.concat(['substring(' ~ text ~ ', 1, 100)', "'…'"]) ~ ' else ' ~ text ~ ' end') }}
{% endmacro %}
