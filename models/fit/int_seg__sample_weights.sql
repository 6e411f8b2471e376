-- One row per customer: what it stands for, so that the shares of the population margins hold; 1 for everybody where none are given.
-- The mean is 1. A customer whose category is missing or has no margin keeps the weight that its other categories give it.
{%- set dimensions = dbt_segmentation.seg_margin_dimensions() %}
{%- set places = ['dim_1', 'dim_2', 'dim_3', 'dim_4'] %}
{%- set double = dbt_segmentation.seg_type('double') %}
with

{% if not dbt_segmentation.seg_can_rake() -%}
-- a run stops at its start where margins are given here
final as (

    select
        customer_id,
        cast(1 as {{ double }}) as weight
    from {{ ref('int_seg__customers') }}

)
{%- else -%}
margins as (

    select * from {{ ref('int_seg__margins') }}
    where dimension_number <= {{ places | length }}

),

customers as (

    select * from {{ ref('int_seg__customers') }}

),

numbers as (

    select
        {%- for dimension in dimensions %}
        max(case when dimension = '{{ dimension }}' then dimension_number end) as {{ dimension }}_number,
        {%- endfor %}
        count(*) as margins
    from margins

),

placed as (

    select
        {%- for place in places %}
        {%- set number = loop.index %}
        case
            {%- for dimension in dimensions %}
            when numbers.{{ dimension }}_number = {{ number }} then cast(customers.{{ dimension }} as {{ dbt.type_string() }})
            {%- endfor %}
        end as {{ place }},
        {%- endfor %}
        customers.customer_id
    from customers
    cross join numbers

),

keyed as (

    select
        *,
        {{ dbt_segmentation.seg_key(places) }} as cell_key
    from placed

),

-- customers who share all categories share a weight: there are few such cells
cells as (

    select
        cell_key,
        {%- for place in places %}
        max({{ place }}) as {{ place }},
        {%- endfor %}
        count(*) as customers
    from keyed
    group by cell_key

),

raked_start as (

    select
        cells.*,
        {%- for place in places %}
        margins_{{ loop.index }}.reached_share as share_{{ loop.index }},
        {%- endfor %}
        cast(1 as {{ double }}) as weight
    from cells
    left join margins as margins_1
        on
            margins_1.dimension_number = 1
            and cells.dim_1 = margins_1.category
    left join margins as margins_2
        on
            margins_2.dimension_number = 2
            and cells.dim_2 = margins_2.category
    left join margins as margins_3
        on
            margins_3.dimension_number = 3
            and cells.dim_3 = margins_3.category
    left join margins as margins_4
        on
            margins_4.dimension_number = 4
            and cells.dim_4 = margins_4.category

),

{{ dbt_segmentation.seg_raked(places | length, rounds=15, max_weight=dbt_segmentation.seg_var('seg_max_weight')) }},

scaled as (

    select
        cell_key,
        weight
        * cast(sum(customers) over () as {{ double }})
        / cast(sum(cast(customers * weight as decimal(28, 12))) over () as {{ double }}) as weight
    from raked

),

final as (

    select
        keyed.customer_id,
        scaled.weight
    from keyed
    inner join scaled
        on keyed.cell_key = scaled.cell_key

)
{%- endif %}

select * from final
