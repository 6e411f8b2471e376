-- One row per row of the orders input: amounts in the project's currency at the rate of the day; no rate, no amount.
{%- set amounts = ['gross_amount', 'discount_amount', 'refund_amount', 'net_amount'] %}
with

orders as (

    select * from {{ ref('stg_seg__orders') }}

),

exchange_rates as (

    select
        currency,
        day,
        rate,
        lead(day) over (partition by currency order by day asc) as next_day
    from {{ ref('int_seg__checked_exchange_rates') }}
    where row_status = 'used'

),

project_currency as (

    select * from {{ ref('stg_seg__project_currency') }}

),

rated as (

    select
        orders.*,
        project_currency.currency as project_currency,
        case
            -- an order without currency is taken to be in the project's
            when orders.currency is null or orders.currency = project_currency.currency then 1
            else exchange_rates.rate
        end as exchange_rate
    from orders
    cross join project_currency
    left join exchange_rates
        on
            orders.currency = exchange_rates.currency
            and orders.currency <> project_currency.currency
            and cast(orders.ordered_at as date) >= exchange_rates.day
            and (exchange_rates.next_day is null or cast(orders.ordered_at as date) < exchange_rates.next_day)

),

final as (

    select
        record_key,
        {%- for column, (type, must) in dbt_segmentation.seg_input_columns()['orders'].items() %}
        {% if column in amounts -%}
        -- an order without a rate is rejected, and shown as it came
        case when coalesce(exchange_rate, 1) = 1 then {{ column }} else cast({{ column }} * exchange_rate as {{ dbt_segmentation.seg_type('amount') }}) end as {{ column }},
        {%- else -%}
        {{ column }},
        {%- endif %}
        {%- if type != 'string' and column != 'loaded_at' %}
        {{ column }}_as_given,
        {%- endif %}
        {%- endfor %}
        project_currency,
        exchange_rate
    from rated

)

select * from final
