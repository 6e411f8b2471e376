-- Fails for a snapshot and segment whose arrivals do not add up to the customers that the KPIs count there.
with

arrivals as (

    select
        snapshot_date,
        to_segment_key as segment_key,
        sum(customers) as customers
    from {{ ref('fct_seg__segment_transitions') }}
    group by snapshot_date, to_segment_key

)

select
    arrivals.snapshot_date,
    arrivals.segment_key,
    arrivals.customers,
    kpis.customers as customers_in_kpis
from arrivals
inner join {{ ref('fct_seg__segment_kpis') }} as kpis
    on
        arrivals.snapshot_date = kpis.snapshot_date
        and arrivals.segment_key = kpis.segment_key
where arrivals.customers <> kpis.customers
