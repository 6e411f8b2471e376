-- One row per customer and snapshot: what families told of it, kept from run to run. Built anew: snapshots that this run reopens, and
-- customers who are not who they were.
-- depends_on: {{ ref('int_seg__reopened_snapshots') }}, {{ ref('int_seg__snapshots') }}, {{ ref('int_seg__changed_customers') }}
-- depends_on: {{ ref('int_seg__known_customers') }}, {{ ref('int_seg__run') }}, {{ ref('int_seg__snapshots_to_build') }}
{{ config(**dbt_segmentation.seg_in_batches(dbt_segmentation.seg_kept(
    "snapshot_date in (select r.snapshot_date from {{ ref('int_seg__reopened_snapshots') }} as r) "
    ~ "or snapshot_date not in (select s.snapshot_date from {{ ref('int_seg__snapshots') }} as s) "
    ~ "or customer_id in (select c.customer_id from {{ ref('int_seg__changed_customers') }} as c) "
    ~ "or (snapshot_date < (select r.as_of_date from {{ ref('int_seg__run') }} as r) "
    ~ "and customer_id in (select k.customer_id from {{ ref('int_seg__known_customers') }} as k where not k.is_dated))"
))) }}
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
        customer_snapshots.snapshot_date
        {%- for feature, about in dbt_segmentation.seg_features().items() if not about.ranked %},
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
