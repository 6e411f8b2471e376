{#- A number of an edited list, or null where it is none, infinite or not a number. Such a limit would not be watched in silence:
    the test assert_edited_lists_can_be_read names it. `type` is double or integer. -#}
{% macro seg_reference_number(column, type='double') -%}
  {%- set number = dbt_segmentation.seg_try_cast('trim(cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ '))', dbt_segmentation.seg_type(type)) -%}
  {{ dbt_segmentation.seg_finite(number) if type == 'double' else number }}
{%- endmacro %}
