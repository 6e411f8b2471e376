-- One row per customer and snapshot: every feature, wide. Numbers are doubles, missing is null, nothing is infinite.
{%- set double = dbt_segmentation.seg_type('double') %}
{%- set families = dbt_segmentation.seg_feature_families() %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

){% for family, about in families.items() %},

{{ family }} as (

    select * from {{ ref(about.model) }}

){% endfor %},

final as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        customer_snapshots.is_as_of,
        customer_snapshots.is_window_complete
        {%- for feature, about in dbt_segmentation.seg_features().items() %},
        {#- where the input is given, silence of a customer means that there was nothing #}
        {%- set value = about.family ~ '.' ~ feature %}
        {%- if about.zero and dbt_segmentation.seg_var('seg_' ~ about.input ~ '_relation') %}
        {%- set value = 'coalesce(' ~ value ~ ', 0)' %}
        {%- endif %}
        {{ dbt_segmentation.seg_finite('cast(' ~ value ~ ' as ' ~ double ~ ')') }} as {{ feature }}
        {%- endfor %}
        {%- for feature, about in dbt_segmentation.seg_text_features().items() %},
        cast({{ about.family }}.{{ feature }} as {{ dbt.type_string() }}) as {{ feature }}
        {%- endfor %}
    from customer_snapshots
    {%- for family, about in families.items() %}
    left join {{ family }}
        on
            customer_snapshots.customer_id = {{ family }}.customer_id
            {%- if not about.static %}
            and customer_snapshots.snapshot_date = {{ family }}.snapshot_date
            {%- endif %}
    {%- endfor %}

)

select * from final
