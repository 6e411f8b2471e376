{#- The name of the repair that made <column> of a staging view out of <column>_as_given, or null: of several the one that could
    have changed the meaning most. The names are those of seg_repairs. -#}
{% macro seg_repair_of(input, column) -%}
  {%- set type, must = dbt_segmentation.seg_input_columns()[input][column] -%}
  {%- set given = column ~ '_as_given' -%}
  {%- set steps = [] -%}
  {%- if not dbt_segmentation._seg_is_parsed(input, column) -%}
  {%- elif type in ('amount', 'double', 'integer') -%}
    {%- set steps = dbt_segmentation._seg_number_repairs(given) -%}
  {%- elif type in ('timestamp', 'date') -%}
    {%- set steps = dbt_segmentation._seg_time_repairs(given) -%}
  {%- elif type == 'boolean' -%}
    {%- set steps = [('lower(' ~ given ~ ") not in ('true', 'false', 't', 'f', '1', '0', '1.0', '0.0')", 'boolean_word')] -%}
  {%- else -%}
    {%- set steps = dbt_segmentation._seg_text_repairs(given, column) -%}
  {%- endif -%}
  case
            when {{ given }} is null then null
            when {{ column }} is null then {{ 'null' if dbt_segmentation.seg_rejects_unreadable(input, column) else "'dropped_invalid'" }}
    {%- for condition, repair in steps %}
            when {{ condition }} then {{ "'" ~ repair ~ "'" if repair else 'null' }}
    {%- endfor %}
        end
{%- endmacro %}


{#- Whether a column is text in the user's table: values of other types are not repaired. -#}
{% macro _seg_is_parsed(input, column) %}
  {%- set found = dbt_segmentation._seg_mapped_columns(input)[column] -%}
  {{ return(found is not none and found.kind in ('text', 'other')) }}
{% endmacro %}


{% macro _seg_number_repairs(given) %}
  {%- set mark = dbt_segmentation.seg_var('seg_decimal_mark') -%}
  {%- set plain = '^[+-]?(?:[0-9]+(?:[.][0-9]' ~ ('{0,2}' if mark == 'comma' else '*') ~ ')?|[.][0-9]+)(?:[eE][+-]?[0-9]+)?$' -%}
  {%- set steps = [
    (dbt_segmentation.seg_matches(given, plain), none),
    (dbt_segmentation.seg_matches(given, '^[(\\x{2212}]|[0-9]-'), 'negative_sign'),
  ] -%}
  {%- if mark == 'point' -%}
    {%- do steps.append((dbt_segmentation.seg_matches(given, '^[^0-9]*[1-9][0-9]{0,2},[0-9]{3}[^0-9]*$'), 'thousands')) -%}
  {%- endif -%}
  {%- do steps.append((dbt_segmentation.seg_matches(given, '^[^0-9]*[0-9]*,[0-9]+[^0-9]*$'), 'decimal_mark')) -%}
  {%- do steps.append((dbt_segmentation.seg_matches(given, '^[^0-9]*[0-9]+[.]?[0-9]*[^0-9]*$'), 'currency_sign')) -%}
  {%- do steps.append(('1 = 1', 'thousands')) -%}
  {{ return(steps) }}
{% endmacro %}


{% macro _seg_time_repairs(given) %}
  {%- set order = dbt_segmentation.seg_var('seg_date_order') -%}
  {%- set over_twelve = '(?:1[3-9]|2[0-9]|3[01])' -%}
  {%- set year_last = '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}' -%}
  {%- set steps = [
    (dbt_segmentation.seg_matches(given, '^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+)?$') ~ ' and substring(' ~ given ~ ", 6, 2) <= '12'", none),
    (dbt_segmentation.seg_matches(given, '^[0-9]{4}[-/.]' ~ over_twelve ~ '[-/.]'), 'day_month_order'),
  ] -%}
  {%- if order == 'dmy' -%}
    {%- do steps.append((dbt_segmentation.seg_matches(given, '^[0-9]{1,2}[-/.]' ~ over_twelve ~ '[-/.][0-9]{4}'), 'day_month_order')) -%}
  {%- elif order == 'mdy' -%}
    {%- do steps.append((dbt_segmentation.seg_matches(given, '^' ~ over_twelve ~ '[-/.][0-9]{1,2}[-/.][0-9]{4}'), 'day_month_order')) -%}
  {%- endif -%}
  {%- do steps.append((dbt_segmentation.seg_matches(given, year_last), 'date_format' if order else 'day_month_order')) -%}
  {%- do steps.append((dbt_segmentation.seg_matches(given, '^[0-9]{10,}'), 'epoch')) -%}
  {%- do steps.append((dbt_segmentation.seg_matches(given, ':[0-9]{2}.*(?:[Zz]|UTC|GMT|[+-][0-9:]+|[A-Za-z]+/[A-Za-z_/-]+)(?:\\[.*\\])?$'), 'zone_offset')) -%}
  {%- do steps.append(('1 = 1', 'date_format')) -%}
  {{ return(steps) }}
{% endmacro %}


{% macro _seg_text_repairs(given, column) %}
  {%- set steps = [(column ~ ' = ' ~ given, none), (column ~ ' = lower(' ~ given ~ ') or ' ~ column ~ ' = upper(' ~ given ~ ')', 'letter_case')] -%}
  {%- if column == 'email' -%}
    {%- do steps.append(('1 = 1', 'unwrapped')) -%}
  {%- elif column == 'postal_code' -%}
    {%- do steps.append((
      'substring(' ~ column ~ ", 1, 1) = '0' and " ~ dbt_segmentation.seg_matches(given, '^(?:[Ff][Rr]?[ -]*)?[1-9]'), 'lost_leading_zero'
    )) -%}
  {%- endif -%}
  {%- do steps.append(('1 = 1', 'spelling')) -%}
  {{ return(steps) }}
{% endmacro %}
