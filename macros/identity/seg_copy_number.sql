{#- Number of a copy of a customer record: 1 is the one updated last, which counts. -#}
{% macro seg_copy_number(input) -%}
  row_number() over (
            partition by source_system, source_record_id
            order by updated_at desc nulls last, created_at desc nulls last, {{ dbt_segmentation.seg_tie_breaker(input) }}
        ) as copy_number
{%- endmacro %}
