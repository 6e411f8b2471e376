{#- The select list of a staging model: every column of the contract under our name, trimmed and cast, a typed null where
    the input does not have it. For columns that must be there the text as it came is kept beside it (<column>_as_given),
    so that a rejected row can show what could not be read. -#}
{% macro seg_input_select(input) %}
  {%- set mapping = dbt_segmentation._seg_mapped_columns(input) -%}
  {%- set parts = [] -%}
  {%- for name, (type, must) in dbt_segmentation.seg_input_columns()[input].items() -%}
    {%- set column = mapping[name] -%}
    {%- if column is none -%}
      {%- do parts.append('cast(null as ' ~ dbt_segmentation.seg_type(type) ~ ') as ' ~ name) -%}
    {%- else -%}
      {%- do parts.append(dbt_segmentation.seg_read(column.name, type, column.kind) ~ ' as ' ~ name) -%}
    {%- endif -%}
    {%- if type in ('amount', 'timestamp') -%}
      {%- set given = 'null' if column is none else column.name -%}
      {%- do parts.append('cast(' ~ given ~ ' as ' ~ dbt.type_string() ~ ') as ' ~ name ~ '_as_given') -%}
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
    {%- set dtype = column.dtype | lower -%}
    {%- if 'with time zone' in dtype or dtype in ('timestamptz', 'timestamp_tz') -%}
      {%- set kind = 'zoned' -%}
    {%- else -%}
      {%- set kind = 'text' if column.is_string() or 'char' in dtype or dtype in ('text', 'string', 'json') else 'typed' -%}
    {%- endif -%}
    {%- do found.update({column.name | lower: {'name': adapter.quote(column.name), 'kind': kind}}) -%}
  {%- endfor -%}
  {{ return(found) }}
{% endmacro %}
