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

-- a row without any order, too
most_frequent as (

    select max(currency) as currency
    from counted
    where frequency_rank = 1

),

final as (

    select {{ "cast('" ~ given ~ "' as " ~ dbt.type_string() ~ ')' if given else 'currency' }} as currency
    from most_frequent

)

select * from final
