{#- The first of `names` that an export has, quoted; a typed null where it has none of them. Loaders name the same field in
    different ways (firstname, property_firstname, First Name), and optional ones are often left out. What stands in the
    column is passed on as it came: staging reads, repairs and judges it. With must, a column that is not there stops the run. -#}
{% macro seg_export_column(found, names, type='string', must=false) %}
  {%- if found is none -%}
    {{ return(adapter.quote(names[0])) }}
  {%- endif -%}
  {%- for name in names if name | lower in found -%}
    {{ return(found[name | lower].name) }}
  {%- endfor -%}
  {%- if must -%}
    {{ exceptions.raise_compiler_error(
      "seg sources: " ~ (model.name or 'a model') ~ " reads an export without the column '" ~ names[0] ~ "'"
      ~ (" (nor " ~ names[1:] | join(', ') ~ ")" if names | length > 1 else "") ~ ". Nearest column there: '"
      ~ dbt_segmentation.seg_nearest_name(names[0], found.keys() | list) ~ "'."
    ) }}
  {%- endif -%}
  {{ return('cast(null as ' ~ dbt_segmentation.seg_type(type) ~ ')') }}
{% endmacro %}


{#- Whether a record is still there: a flag of deletion is not set, or empty. -#}
{% macro _seg_is_kept(column) -%}
  not coalesce({{ dbt_segmentation.seg_read_boolean('trim(cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ '))') }}, false)
{%- endmacro %}


{#- A field of a struct column, or null: an export to JSON leaves out fields that no row has. -#}
{% macro _seg_export_field(found, column, field, type='string') %}
  {%- if found is none or (column in found and field in dbt_segmentation._seg_struct_fields(found[column].dtype)) -%}
    {{ return(column ~ '.' ~ field) }}
  {%- endif -%}
  {{ return('cast(null as ' ~ dbt_segmentation.seg_type(type) ~ ')') }}
{% endmacro %}


{#- The names of all fields in a type's text: struct(category varchar, "key" varchar)[] and struct<category string>. -#}
{% macro _seg_struct_fields(dtype) %}
  {%- set plain = dtype | replace('"', '') | replace('<', '(') | replace('>', ')') -%}
  {{ return(modules.re.findall('[(,] *([a-z_0-9]+)[ :]', plain)) }}
{% endmacro %}


{#- The first of several fields that is filled: each of `fields` is the list of names that one of them may have. -#}
{% macro _seg_first_filled(found, fields, prefix='') %}
  {%- set texts = [] -%}
  {%- for names in fields if found is none or names | map('lower') | select('in', found) | list | length > 0 -%}
    {%- do texts.append("nullif(trim(cast(" ~ prefix ~ dbt_segmentation.seg_export_column(found, names) ~ " as " ~ dbt.type_string() ~ ")), '')") -%}
  {%- endfor -%}
  {%- if texts | length == 0 -%}
    {{ return('cast(null as ' ~ dbt.type_string() ~ ')') }}
  {%- endif -%}
  {{ return(texts[0] if texts | length == 1 else 'coalesce(' ~ texts | join(', ') ~ ')') }}
{% endmacro %}
