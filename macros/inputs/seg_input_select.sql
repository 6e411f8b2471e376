{#- The second select list of a staging model: every column that seg_input_given lists, read as its type. Of a column that is
    no text the text as it was given is kept beside it (<column>_as_given), so that a rejected row can show what could not
    be read. The record's pseudonym comes first where the input has an owner. -#}
{% macro seg_input_select(input) %}
  {%- set mapping, contract = dbt_segmentation._seg_mapped_columns(input), dbt_segmentation.seg_input_columns()[input] -%}
  {%- set labels = dbt_segmentation.seg_labels().get(input, {}) -%}
  {%- set parts = [] -%}
  {%- if 'source_record_id' in contract -%}
    {%- do parts.append(dbt_segmentation.seg_pseudonym(['source_system', 'source_record_id']) ~ ' as record_key') -%}
  {%- endif -%}
  {%- for name, (type, must) in contract.items() -%}
    {%- set read = dbt_segmentation.seg_read(name, type, dbt_segmentation._seg_given_kind(type, mapping[name])) -%}
    {%- if name in labels and mapping[name] is not none -%}
      {%- set read = dbt_segmentation.seg_label(input, name) -%}
    {%- elif name == 'duration' -%}
      {#- less than no time is no duration -#}
      {%- set read = 'case when ' ~ read ~ ' >= 0 then ' ~ read ~ ' end' -%}
    {%- elif name == 'currency' -%}
      {%- set read = dbt_segmentation.seg_currency_code(name) -%}
    {%- elif name == 'country_code' and input != 'customers' -%}
      {%- set read = dbt_segmentation.seg_country_code(name) -%}
    {%- endif -%}
    {%- do parts.append(read if read == name else read ~ ' as ' ~ name) -%}
    {%- if type != 'string' -%}
      {%- do parts.append('cast(' ~ name ~ ' as ' ~ dbt.type_string() ~ ') as ' ~ name ~ '_as_given') -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(parts | join(',\n        ')) }}
{% endmacro %}


{#- Our column name -> {name, kind} in the user's relation, or none. Without a look at the relation (parse, compile before
    the first build) every column is taken to be there under its mapped name. -#}
{% macro _seg_mapped_columns(input) %}
  {%- set contract = dbt_segmentation.seg_input_columns()[input] -%}
  {%- set setting = dbt_segmentation.seg_var('seg_' ~ input ~ '_relation') -%}
  {%- set renames = (dbt_segmentation.seg_var('seg_column_map') or {}).get(input, {}) -%}
  {%- set found = dbt_segmentation._seg_columns_found(input) if setting and execute and flags.INTROSPECT else none -%}
  {%- set mapping = {} -%}
  {%- for name, (type, must) in contract.items() -%}
    {%- set wanted = renames.get(name, name) -%}
    {%- if not setting -%}
      {%- do mapping.update({name: none}) -%}
    {%- elif found is none -%}
      {%- do mapping.update({name: {'name': wanted, 'kind': 'text'}}) -%}
    {%- elif wanted | lower in found -%}
      {%- do mapping.update({name: found[wanted | lower]}) -%}
    {%- elif must or name in renames -%}
      {{ exceptions.raise_compiler_error(
        "seg config: " ~ setting ~ " (seg_" ~ input ~ "_relation) has no column '" ~ wanted ~ "'"
        ~ (", which the " ~ input ~ " input needs" if must else ", which seg_column_map names")
        ~ ". Nearest column there: '" ~ dbt_segmentation.seg_nearest_name(wanted, found.keys() | list)
        ~ "'. Rename it with seg_column_map: {" ~ input ~ ": {" ~ name ~ ": <your column>}}."
      ) }}
    {%- else -%}
      {%- do mapping.update({name: none}) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(mapping) }}
{% endmacro %}


{#- lower-case name -> {name, kind} of the columns that the relation has; none while it does not exist yet. -#}
{% macro _seg_columns_found(input) %}
  {%- set relation = dbt_segmentation.seg_input(input) -%}
  {%- set loaded = adapter.get_relation(relation.database, relation.schema, relation.identifier) -%}
  {%- if loaded is none -%}
    {%- if flags.WHICH in ('run', 'build') -%}
      {{ exceptions.raise_compiler_error(
        "seg config: " ~ relation ~ " does not exist. Correct seg_" ~ input ~ "_relation, or set it to null."
      ) }}
    {%- endif -%}
    {{ return(none) }}
  {%- endif -%}
  {%- set found = {} -%}
  {%- for column in adapter.get_columns_in_relation(loaded) -%}
    {%- set kind = dbt_segmentation._seg_kind(column.dtype | lower) -%}
    {%- do found.update({column.name | lower: {'name': adapter.quote(column.name | replace('"', '""')), 'kind': kind}}) -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}


{#- What an engine's type holds: text, timestamp, zoned, date, boolean, integer, number, or other (read by its text). -#}
{% macro _seg_kind(dtype) %}
  {#- whatever is inside a list, struct, map or enum: it is read by its text -#}
  {%- set base = dtype.split('(')[0].strip() -%}
  {%- if dtype.endswith(']') or base in ('struct', 'map', 'union', 'enum', 'array', 'row', 'record') or base.startswith('time ') -%}
    {{ return('other') }}
  {%- elif base.startswith('timestamp') and 'with time zone' in dtype or base in ('timestamptz', 'timestamp_tz') -%}
    {{ return('zoned') }}
  {%- elif base.startswith('timestamp') or base.startswith('datetime') -%}
    {{ return('timestamp') }}
  {%- elif base in ('date', 'boolean') -%}
    {{ return(base) }}
  {%- elif base in ('tinyint', 'smallint', 'integer', 'int', 'bigint', 'hugeint', 'utinyint', 'usmallint', 'uinteger', 'ubigint', 'int64') -%}
    {{ return('integer') }}
  {%- elif base in ('decimal', 'numeric', 'number', 'double', 'double precision', 'float', 'real', 'float64') -%}
    {{ return('number') }}
  {%- elif 'char' in base or base in ('text', 'string', 'json') -%}
    {{ return('text') }}
  {%- endif -%}
  {{ return('other') }}
{% endmacro %}
