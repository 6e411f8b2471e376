-- One row: the currency that amounts are told in, which is seg_currency or the one that most orders are in.
{%- set given = dbt_segmentation.seg_var('seg_currency') %}
with

orders as (

    select * from {{ ref('stg_seg__orders') }}

),

counted as (

    select
        currency,
        row_number() over (order by count(*) desc, currency asc) as frequency_rank
    from orders
    where currency is not null
    group by currency

),

final as (

    select {{ "cast('" ~ given ~ "' as " ~ dbt.type_string() ~ ')' if given else 'max(currency)' }} as currency
    from counted
    where frequency_rank = 1

)

select * from final
