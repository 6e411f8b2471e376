{#- Whether a value that can't be read rejects its row. It does where the column must be there, where sums or the order of
    things would be wrong without it (amounts, times), and where the rest of the row means something else without it (an
    answer and its scale). Any other one is dropped, and listed in int_seg__repaired_values. A customer record
    without a readable date of birth is still a customer: of customers nothing rejects. -#}
{% macro seg_rejects_unreadable(input, column) %}
  {%- set type, must = dbt_segmentation.seg_input_columns()[input][column] -%}
  {%- if type == 'string' or column == 'loaded_at' -%}{{ return(false) }}{%- endif -%}
  {%- set telling = {'survey_responses': ['score', 'scale_min', 'scale_max', 'reversed']} -%}
  {{ return(must or input != 'customers' and (type in ('amount', 'timestamp') or column in telling.get(input, []))) }}
{% endmacro %}
