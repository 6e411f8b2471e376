{#- The query for keys of records that `statements` (a CTE with source_system and source_record_id) name in another letter case: where no
    record has exactly their number, every record that differs by the case of letters alone. For refusals and erasures only: that
    a request is lost because somebody typed it in capitals is worse than a record too many left out. `columns`: what to carry. -#}
{% macro seg_spelt_like(statements, columns=[]) -%}
    select
        {#- not the view's own record_key: only what is found is hashed #}
        {{ dbt_segmentation.seg_pseudonym(['customers.source_system', 'customers.source_record_id']) }} as record_key{{ ',' if columns }}
        {%- for column in columns %}
        {{ statements }}.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ statements }}
    inner join {{ ref('stg_seg__customers') }} as customers
        on
            {{ statements }}.source_system = customers.source_system
            and lower({{ statements }}.source_record_id) = lower(customers.source_record_id)
    left join {{ ref('stg_seg__customers') }} as named
        on
            {{ statements }}.source_system = named.source_system
            and {{ statements }}.source_record_id = named.source_record_id
    where named.source_record_id is null
{%- endmacro %}
