-- Fails for a limit in an edited list that is no number: nothing would be measured against it.
{{ config(meta={'seg_help': 'Correct the number in the list that is named, or leave it empty where there is no limit.'}) }}
{%- set unread %}
    {%- for list, columns in dbt_segmentation.seg_reference_columns().items() %}
    {%- for column, type in columns.items() if type != 'string' %}
    select distinct 'seg_{{ list }}: {{ column }} holds what cannot be read as a number' as message
    from {{ dbt_segmentation.seg_reference(list) }}
    where
        {{ dbt_segmentation.seg_trim('cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')') }} is not null
        and {{ dbt_segmentation.seg_reference_number(column, type) }} is null
    union all
    {%- endfor %}
    {%- endfor %}
    select cast(null as {{ dbt.type_string() }}) as message
    where 1 = 0
{%- endset %}
{{ dbt_segmentation.seg_failing(unread) }}
