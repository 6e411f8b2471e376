{#- The inputs that are given, and what an audit reads of each. Per input: `values`, the model with its rows; `day`, the day a
    row is of, or none; `fields`, the optional columns that its relation has; `numbers`, columns that business ranges may
    name; `amounts`, those in money; `loaded_at`, its column of arrival, or none. -#}
{% macro seg_audited_inputs() %}
  {%- set days = {
    'customers': 'changed_day', 'orders': 'order_day', 'order_lines': 'order_day', 'events': 'occurred_day',
    'campaign_touches': 'sent_day', 'social_engagements': 'occurred_day', 'survey_responses': 'answered_day',
    'support_tickets': 'opened_day', 'customer_attributes': 'observed_day', 'calendar': 'day', 'market_indicators': 'day',
    'exchange_rates': 'day',
  } -%}
  {%- set derived = {'customers': ['age'], 'orders': ['revenue'], 'events': ['duration_seconds']} -%}
  {#- keys, what judged rows do not hold (whose a row is, and what people wrote), and when a row arrived, which is no property of anybody #}
  {%- set unread = ['source_system', 'source_record_id', 'visitor_id', 'handle', 'properties', 'answer_text', 'text', 'loaded_at'] -%}
  {%- set inputs = {} -%}
  {%- for input, its in dbt_segmentation.seg_checked_inputs().items() if dbt_segmentation.seg_var('seg_' ~ input ~ '_relation') -%}
    {%- set given = dbt_segmentation.seg_given_columns(input) -%}
    {%- set fields, numbers, amounts = [], [], [] -%}
    {%- for name, (type, must) in dbt_segmentation.seg_input_columns()[input].items() if name in given and name not in unread -%}
      {%- if not must -%}{%- do fields.append(name) -%}{%- endif -%}
      {%- if type in ('amount', 'double', 'integer') -%}{%- do numbers.append(name) -%}{%- endif -%}
      {%- if type == 'amount' and name not in ('discount_amount', 'refund_amount', 'cost_amount') -%}{%- do amounts.append(name) -%}{%- endif -%}
    {%- endfor -%}
    {%- do inputs.update({input: {
      'checked': its.model,
      'values': 'int_seg__read_customers' if input == 'customers' else its.model,
      'day': days.get(input),
      'fields': fields,
      'numbers': (numbers + derived.get(input, [])) | unique | list,
      'amounts': ['revenue'] if input == 'orders' else amounts,
      'loaded_at': dbt_segmentation._seg_loaded_at(input),
    }}) -%}
  {%- endfor -%}
  {{ return(inputs) }}
{% endmacro %}


{#- The column loaded_at of an input's relation as a UTC timestamp, or none where the input is not given or has no such column. -#}
{% macro _seg_loaded_at(input) %}
  {%- set relation = dbt_segmentation.seg_input(input) -%}
  {%- set is_given = dbt_segmentation.seg_var('seg_' ~ input ~ '_relation') is not none -%}
  {%- set found = dbt_segmentation._seg_columns_found(input) if is_given and execute and flags.INTROSPECT else none -%}
  {%- set renames = (dbt_segmentation.seg_var('seg_column_map') or {}).get(input, {}) -%}
  {%- set column = (found or {}).get(renames.get('loaded_at', 'loaded_at') | lower) -%}
  {{ return(dbt_segmentation.seg_read(column.name, 'timestamp', column.kind) if column else none) }}
{% endmacro %}
