{#- Chain of CTEs that rake the weights of cells to margins (iterative proportional fitting, Deming and Stephan 1940): each round
    scales each dimension in turn, then caps. Reads `raked_start` (cell_key, customers, dim_<j>, share_<j>, weight), where a
    share is null for a category without margin, whose weight stays; leaves the last CTE under the name `raked`.
    Unrolled, because a recursive query may not aggregate. Sums are of decimals, so that their order does not matter. -#}
{% macro seg_raked(dimensions, rounds, max_weight) %}
  {%- set double = dbt_segmentation.seg_type('double') -%}
  {%- set names = ['raked_start'] -%}
  {%- for round in range(rounds) -%}
    {%- for j in range(1, dimensions + 1) %}
raked_{{ round }}_{{ j }} as (

    select
        cell_key,
        customers,
        {%- for i in range(1, dimensions + 1) %}
        dim_{{ i }},
        share_{{ i }},
        {%- endfor %}
        {%- set weighted = 'cast(customers * weight as decimal(28, 12))' %}
        {%- set factor %}
            case
                when share_{{ j }} is null then 1
                else
                    share_{{ j }} * cast(sum(case when share_{{ j }} is not null then {{ weighted }} end) over () as {{ double }})
                    / nullif(cast(sum({{ weighted }}) over (partition by dim_{{ j }}) as {{ double }}), 0)
            end
        {%- endset %}
        {%- if j == dimensions %}
        least(greatest(weight * {{ factor }}, {{ 1.0 / max_weight }}), {{ max_weight }}) as weight
        {%- else %}
        weight * {{ factor }} as weight
        {%- endif %}
    from {{ names[-1] }}

),
      {%- do names.append('raked_' ~ round ~ '_' ~ j) -%}
    {%- endfor -%}
  {%- endfor %}

raked as (

    select * from {{ names[-1] }}

)
{%- endmacro %}
